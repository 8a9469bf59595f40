package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.CreditRow;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What disks and clocks do to a pool. */
class BadLuckTest {
  private static final long SUBSIDY = 5_000_000_000L;

  @TempDir Path dir;

  private static List<CreditRow> credits(Path folder, long... times) throws Exception {
    try (PoolAccounting pool =
        PoolAccounting.open(folder, AccountingSettings.DEFAULT, Clock.systemUTC())) {
      int alice = pool.registerWorker("alice", "rig");
      int bob = pool.registerWorker("bob", "rig");
      Shares miner = new Shares(pool.shares());
      for (int i = 0; i < times.length; i++) {
        miner.submit(
            Shares.share(i % 3 == 0 ? alice : bob, Shares.REGTEST_BITS, 1 + i % 2, times[i]));
      }
      long winner = miner.submit(Shares.winner(bob, Shares.REGTEST_BITS, 2, times[0]));
      Hash256 hash = Hash256.ofDisplayHex("cd".repeat(32));
      assertThat(
              pool.blockFound(
                      new FoundBlock(
                          hash,
                          1,
                          Shares.REGTEST_BITS,
                          SUBSIDY,
                          0,
                          1,
                          winner,
                          bob,
                          SchemeKind.PPLNS_UNITS,
                          Clock.systemUTC().instant()))
                  .isPosted())
          .isTrue();
      assertThat(pool.replay().differences()).isEmpty();
      return pool.credits(hash);
    }
  }

  /** Time never decides who is paid: only the order of the shares does. */
  @Test
  void aClockThatStepsBackwardsChangesNoCredit() throws Exception {
    long day = 86_400_000L;
    long now = 1_800_000_000_000L;
    List<CreditRow> steady =
        credits(dir.resolve("a"), now, now + 1, now + 2, now + 3, now + 4, now + 5);
    List<CreditRow> stepping =
        credits(dir.resolve("b"), now, now + day, now - 40 * day, 0, now + 3, now - 1);
    assertThat(stepping).isEqualTo(steady);
  }

  /** No file can grow past a limit, for the journal and the database alike. */
  @Test
  @Timeout(60)
  void aFullDiskStopsAcknowledgementsAndLosesNothing() throws Exception {
    Path shell = Path.of("/bin/sh");
    assumeTrue(Files.isExecutable(shell));
    PoolAccounting.open(dir, CrashChild.SETTINGS, Clock.systemUTC()).close();
    Process child =
        new ProcessBuilder(
                shell.toString(),
                "-c",
                "ulimit -f 4096; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                dir.toString(),
                "7")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long acknowledged = 0;
    boolean failed = false;
    try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("A")) {
          acknowledged = Math.max(acknowledged, Long.parseLong(words[1]));
        } else if (line.startsWith("NOT") || line.startsWith("REFUSED")) {
          failed = true;
          break;
        }
      }
      // Or the process ended by itself, which it does for nothing else.
      failed |= acknowledged > 0;
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(failed).as("the limit was met after share %d", acknowledged).isTrue();
    try (PoolAccounting pool = PoolAccounting.open(dir, CrashChild.SETTINGS, Clock.systemUTC())) {
      assertThat(pool.shares().lastDurableSequence()).isGreaterThanOrEqualTo(acknowledged);
      assertThat(pool.checkInvariants().broken()).isEmpty();
      assertThat(pool.replay().differences()).isEmpty();
      long next = new Shares(pool.shares()).submit(Shares.share(1, Shares.REGTEST_BITS, 1, 1));
      assertThat(next).isGreaterThan(acknowledged);
    }
  }

  /** A file system that takes no files, whoever asks. */
  @Test
  void aFolderThatCannotBeWrittenIsAnErrorWithItsName() {
    Path readOnly = Path.of("/proc/adit-read-only");
    assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    assertThatThrownBy(() ->
            PoolAccounting.open(readOnly, AccountingSettings.DEFAULT, Clock.systemUTC()).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("adit-read-only");
  }
}
