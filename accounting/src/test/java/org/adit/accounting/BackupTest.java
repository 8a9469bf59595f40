package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  @TempDir Path dir;

  private Path data() {
    return dir.resolve("data");
  }

  private PoolAccounting open() throws IOException {
    return PoolAccounting.open(
        data(),
        AccountingSettings.DEFAULT.withJournal(
            AccountingSettings.DEFAULT.journal().withSegmentShares(64)),
        Clock.systemUTC());
  }

  private static FoundBlock block(long winner, int finder) {
    byte[] hash = new byte[32];
    hash[0] = (byte) winner;
    hash[1] = (byte) (winner >> 8);
    return new FoundBlock(
        Hash256.ofWire(hash),
        (int) winner,
        Shares.REGTEST_BITS,
        5_000_000_000L,
        77,
        1,
        winner,
        finder,
        SchemeKind.PPLNS_UNITS,
        Clock.systemUTC().instant());
  }

  private static void mine(PoolAccounting pool, Shares miner, int worker) throws Exception {
    for (int i = 0; i < 9; i++) {
      miner.submit(Shares.share(worker, Shares.REGTEST_BITS, 1, i));
    }
    long winner = miner.submit(Shares.winner(worker, Shares.REGTEST_BITS, 2, 9));
    assertThat(pool.blockFound(block(winner, worker)).isPosted()).isTrue();
  }

  @Test
  void aRunningPoolIsCopiedAsOfOneMomentAndProvedByAudit() throws Exception {
    Path copy = dir.resolve("copy");
    Path restored = dir.resolve("restored");
    Backup.Copied copied;
    try (PoolAccounting pool = open()) {
      int worker = pool.registerWorker("alice", "rig");
      Shares miner = new Shares(pool.shares());
      mine(pool, miner, worker);
      Path candidate = data().resolve("candidates/pending/x.json");
      Files.createDirectories(candidate.getParent());
      Files.writeString(candidate, "{}");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong blocks = new AtomicLong();
      Thread load =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (!stop.get()) {
                    mine(pool, miner, worker);
                    blocks.incrementAndGet();
                  }
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      org.awaitility.Awaitility.await().until(() -> blocks.get() > 10);
      copied = Backup.write(data(), copy, Clock.systemUTC());
      long then = blocks.get();
      org.awaitility.Awaitility.await().until(() -> blocks.get() > then + 2);
      stop.set(true);
      load.join();
      assertThat(pool.shares().lastDurableSequence()).isGreaterThan(copied.sequence());
      assertThat(pool.replay().differences()).isEmpty();
    }
    assertThat(copied.sequence()).isGreaterThan(64);

    ReplayReport report = Backup.restore(copy, restored);
    assertThat(report.differences()).isEmpty();
    assertThat(report.shares()).isEqualTo(copied.sequence());
    assertThat(report.blocks()).isPositive();
    assertThat(restored.resolve("candidates/pending/x.json")).hasContent("{}");
    try (PoolAccounting pool =
        PoolAccounting.open(restored, AccountingSettings.DEFAULT, Clock.systemUTC())) {
      assertThat(pool.shares().lastDurableSequence()).isEqualTo(copied.sequence());
      mine(pool, new Shares(pool.shares()), 1);
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void aDamagedOrUnfinishedBackupIsRefused() throws Exception {
    Path copy = dir.resolve("copy");
    try (PoolAccounting pool = open()) {
      mine(pool, new Shares(pool.shares()), pool.registerWorker("alice", "rig"));
      Backup.write(data(), copy, Clock.systemUTC());
    }
    assertThatThrownBy(() -> Backup.write(data(), copy, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not empty");
    assertThatThrownBy(() -> Backup.restore(copy, data())).hasMessageContaining("not empty");
    Path segment = copy.resolve("journal/00000000000000000001.shares");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[300] ^= 1;
    Files.write(segment, bytes);
    assertThatThrownBy(() -> Backup.restore(copy, dir.resolve("r1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing or damaged");
    bytes[300] ^= 1;
    Files.write(segment, bytes);
    assertThat(Backup.restore(copy, dir.resolve("r2")).agrees()).isTrue();
    Path manifest = copy.resolve("MANIFEST");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text + "0".repeat(64) + "  ../outside\n");
    assertThatThrownBy(() -> Backup.restore(copy, dir.resolve("r3")))
        .hasMessageContaining("outside of the backup");
    Files.delete(manifest);
    assertThatThrownBy(() -> Backup.restore(copy, dir.resolve("r4")))
        .hasMessageContaining("broken off");
    assertThat(dir.resolve("r4")).doesNotExist();
  }
}
