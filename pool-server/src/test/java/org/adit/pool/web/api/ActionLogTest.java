package org.adit.pool.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.adit.pool.TestClock;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators had done, and how much of it is let through. */
final class ActionLogTest {
  private static final Request REQUEST =
      new Request(
          "POST",
          List.of(),
          Map.of(),
          Map.of("authorization", "Bearer secret-secret-secret"),
          new byte[0],
          InetAddress.getLoopbackAddress(),
          1,
          true);

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();

  @Test
  void anEntryIsOneLineWithoutTheToken() throws Exception {
    ActionLog log = new ActionLog(folder, clock);
    log.write(REQUEST, Json.object().put("action", "message").put("text", "a\nb\u2028\""));
    List<String> lines = Files.readAllLines(folder.resolve(ActionLog.FILE));
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("{\"at\":\"" + clock.instant() + "\",\"from\":\"127.0.0.1\",\"by\":\"token\"")
        .contains("a\\nb")
        .doesNotContain("secret");
  }

  @Test
  void aMinuteHasRoomForSoMany() throws Exception {
    ActionLog log = new ActionLog(folder, clock);
    for (int i = 0; i < ActionLog.MOST_PER_MINUTE; i++) {
      log.write(REQUEST, Json.object().put("n", i));
      clock.advance(Duration.ofSeconds(1));
    }
    assertThatThrownBy(() -> log.write(REQUEST, Json.object()))
        .isInstanceOf(HttpException.class)
        .hasMessageContaining("within a minute");
    clock.advance(Duration.ofSeconds(40));
    log.write(REQUEST, Json.object().put("n", "later"));
    assertThat(Files.readAllLines(folder.resolve(ActionLog.FILE)))
        .hasSize(ActionLog.MOST_PER_MINUTE + 1);
  }

  @Test
  void theFileDoesNotGrowWithoutBound() throws Exception {
    Files.writeString(folder.resolve(ActionLog.FILE), "x".repeat((4 << 20) + 1));
    new ActionLog(folder, clock).write(REQUEST, Json.object().put("n", 1));
    assertThat(Files.readAllLines(folder.resolve(ActionLog.FILE))).hasSize(1);
    assertThat(folder.resolve(ActionLog.FILE + ".1")).exists();
  }

  @Test
  void whatCannotBeWrittenIsNotLetThrough() throws Exception {
    Files.createDirectory(folder.resolve(ActionLog.FILE));
    ActionLog log = new ActionLog(folder, clock);
    assertThatThrownBy(() -> log.write(REQUEST, Json.object())).isInstanceOf(IOException.class);
  }
}
