package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareWriter;
import org.adit.pool.work.Templates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warm-up ends by itself, reached its end, and leaves nothing behind. */
final class BroadcastWarmUpTest {
  @TempDir private Path folder;

  @Test
  void itEndsAndLeavesNothing() throws Exception {
    JournalSettings settings =
        new JournalSettings(
            4_096, 256, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(20));
    Path files = Files.createDirectory(folder.resolve("data"));
    Files.writeString(files.resolve("warm-up.seats"), "left by a process that died");
    try (ShareWriter writer =
        new ShareWriter(
            ShareJournal.open(folder.resolve("journal"), settings, JournalDisk.SYSTEM),
            settings,
            System::nanoTime)) {
      BroadcastWarmUp warmUp = new BroadcastWarmUp(writer, files, Clock.systemUTC());
      Thread thread = warmUp.start(Templates.empty(100, Templates.hash(100), 0x207fffff));
      thread.join();
      assertThat(warmUp.rounds()).isEqualTo(BroadcastWarmUp.ROUNDS);
      assertThat(writer.lastDurableSequence()).isZero();
    }
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).isEmpty();
    }
  }
}
