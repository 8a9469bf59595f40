package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.WorkerRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool that dies at every kind of write in turn, on one data folder, ends with the same books as
 * one that never died.
 */
class CrashPointsTest {
  /** Each is met several times in a few rounds of the script. */
  private static final List<String> POINTS =
      List.of(
          "forced",
          "commit:setFoldedSequence",
          "done:setFoldedSequence",
          "in:insertBlock",
          "commit:found",
          "done:found",
          "entry:pps",
          "done:setPpsAccruedThrough",
          "commit:insertPayout",
          "done:setPayoutState",
          "sent",
          "entry:confirmed",
          "published",
          "in:addRetiredBlock",
          "delete");

  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path whole;
  @TempDir Path torn;

  /** What the life came to. */
  private record Books(
      List<BalanceRow> balances,
      SortedMap<String, Long> ledger,
      List<WorkerRow> workers,
      List<BlockRow> blocks,
      Set<String> sent) {}

  private static Books books(ScriptedPool script) throws Exception {
    try (PoolAccounting pool = script.open()) {
      ReplayReport report = pool.replay();
      assertThat(report.differences()).isEmpty();
      assertThat(report.blocks()).isEqualTo(ScriptedPool.ROUNDS);
      assertThat(pool.checkInvariants().broken()).isEmpty();
      return new Books(
          pool.balances(),
          pool.ledger(),
          pool.workers(),
          pool.blocks().stream().map(CrashPointsTest::timeless).toList(),
          script.sent());
    }
  }

  /** The pool's clock stands elsewhere after a restart. */
  private static BlockRow timeless(BlockRow row) {
    return new BlockRow(
        row.hash(),
        row.height(),
        row.netBits(),
        row.reward(),
        row.poolFee(),
        row.transactions(),
        row.scheme(),
        row.direct(),
        row.winnerSequence(),
        row.finderWorkerId(),
        row.finder(),
        row.payRuleId(),
        Instant.EPOCH,
        row.state(),
        row.transitions(),
        row.window());
  }

  @Test
  void deathAtAnyWriteChangesNothing() throws Exception {
    Set<String> met = ConcurrentHashMap.newKeySet();
    ScriptedPool uninterrupted = new ScriptedPool(whole, met::add);
    uninterrupted.live();
    assertThat(met).containsAll(new HashSet<>(POINTS));
    Books expected = books(uninterrupted);
    assertThat(expected.sent()).hasSize(ScriptedPool.ROUNDS - 3);

    for (String point : POINTS) {
      assertThat(live(point)).as("ended at %s", point).isEqualTo(CrashPointsChild.DIED);
    }
    assertThat(live("none")).isZero();
    assertThat(books(new ScriptedPool(torn, point -> {}))).isEqualTo(expected);
  }

  private int live(String point) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashPointsChild.class.getName(),
                torn.toString(),
                point)
            .inheritIO()
            .start();
    try {
      assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("child at %s", point)
          .isTrue();
      return child.exitValue();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
