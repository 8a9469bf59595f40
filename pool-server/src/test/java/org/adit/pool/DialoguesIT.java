package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.adit.pool.stratum.StratumLimits;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each known client says and what it must hear, in the order of the wire (Stratum V1
 * specification section 11). The files hold the dialogues: {@code >} is sent, {@code <} must come,
 * {@code share} sends a share found for the newest job, {@code oldshare} one for the first job,
 * {@code same} the line of the last share again, {@code bits} rolls version bits of the next
 * shares, {@code from} sets the extranonce2 and the first nonce tried, as devices do that begin
 * each job alike, {@code newwork} and {@code newtip} make the pool send a job, {@code reconnect}
 * hangs up and dials again, {@code skip} drops notifications, {@code anyorder} to {@code inorder}
 * holds lines whose order is not fixed. {@code *} fits anything; {@code $name} is bound where it
 * stands first. Every line that comes is held against {@link WireRules} besides.
 */
class DialoguesIT {
  private static final Path FOLDER = Path.of("src", "test", "resources", "dialogues");

  @TempDir Path folder;

  static Stream<String> clients() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theClientHearsWhatItMustHear(String file) throws Exception {
    try (StratumHouse house = new StratumHouse(folder, StratumLimits.DEFAULT);
        Dialogue dialogue = new Dialogue(house)) {
      for (String line : Files.readAllLines(FOLDER.resolve(file))) {
        dialogue.play(line);
      }
      assertThat(dialogue.lines()).isGreaterThan(4);
    }
  }
}
