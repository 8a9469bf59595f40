package org.adit.pool.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.ledger.Outcome;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.BlockState;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tracker against a node that does not always answer. */
class BlockTrackerTest {
  private static final int BITS = 0x207fffff;
  private static final Hash256 BLOCK = Hash256.ofDisplayHex("01".repeat(32));
  private static final ChainView.Place SILENCE = new ChainView.Place(false, -1, 0);
  private static final ChainView.Place OFF_CHAIN = new ChainView.Place(true, 1, -1);
  private static final ChainView.Place TIP = new ChainView.Place(true, 1, 1);

  @TempDir Path dir;

  /** What the node says, one answer a question; the last one stays. */
  private final ConcurrentLinkedQueue<ChainView.Place> answers = new ConcurrentLinkedQueue<>();

  private final List<BlockEvents.Kind> noted = new CopyOnWriteArrayList<>();
  private final BlockEvents notes = (block, kind, node, text) -> noted.add(kind);

  private ChainView.Place answer() {
    ChainView.Place next = answers.element();
    if (answers.size() > 1) {
      answers.remove();
    }
    return next;
  }

  @Test
  void whatTheNodeDidNotSayIsAskedAgainWithoutANewTip() throws Exception {
    try (PoolAccounting accounting = booked();
        BlockTracker tracker = new BlockTracker(block -> answer(), accounting, notes)) {
      answers.addAll(List.of(SILENCE, SILENCE, OFF_CHAIN));
      tracker.tipChanged();
      awaitState(accounting, BlockState.ORPHANED);

      answers.addAll(List.of(SILENCE, TIP));
      assertThat(answers.remove()).as("the answer that had stayed").isEqualTo(OFF_CHAIN);
      tracker.tipChanged();
      awaitState(accounting, BlockState.IMMATURE);
      tracker.lookNow();
      assertThat(noted).containsExactly(BlockEvents.Kind.ORPHANED, BlockEvents.Kind.CONFIRMED);
    }
  }

  @Test
  void aBlockAtAnotherHeightIsNotOurs() throws Exception {
    try (PoolAccounting accounting = booked();
        BlockTracker tracker =
            new BlockTracker(block -> new ChainView.Place(true, 2, -1), accounting, notes)) {
      tracker.lookNow();
      assertThat(accounting.blocks(1).getFirst().state()).isEqualTo(BlockState.IMMATURE);
      assertThat(noted).isEmpty();
    }
  }

  @Test
  void aFaultOfTheViewIsNotTheEnd() throws Exception {
    boolean[] failed = {false};
    ChainView view =
        block -> {
          if (!failed[0]) {
            failed[0] = true;
            throw new IllegalStateException("broken on purpose");
          }
          return OFF_CHAIN;
        };
    try (PoolAccounting accounting = booked();
        BlockTracker tracker = new BlockTracker(view, accounting, notes)) {
      tracker.tipChanged();
      awaitState(accounting, BlockState.ORPHANED);
    }
  }

  private static void awaitState(PoolAccounting accounting, BlockState state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(accounting.blocks(1).getFirst().state()).isEqualTo(state));
  }

  /** Books with one block found by one share. */
  private PoolAccounting booked() throws Exception {
    PoolAccounting accounting =
        PoolAccounting.open(dir, AccountingSettings.DEFAULT, Clock.systemUTC());
    int worker = accounting.registerWorker("alice", "rig");
    CountDownLatch durable = new CountDownLatch(1);
    accounting
        .shares()
        .openLane(
            16,
            new AckListener() {
              @Override
              public void durable(List<Ack> acks) {
                durable.countDown();
              }

              @Override
              public void refused(List<Ack> shares, IOException cause) {
                throw new AssertionError(cause);
              }
            })
        .offer(new ShareRecord(0, worker, BITS, 2, ShareRecord.BLOCK, 1, new byte[80]), null);
    assertThat(durable.await(30, TimeUnit.SECONDS)).isTrue();
    FoundBlock found =
        new FoundBlock(
            BLOCK,
            1,
            BITS,
            5_000_000_000L,
            0,
            1,
            1,
            worker,
            SchemeKind.SOLO,
            Instant.ofEpochSecond(1_800_000_000));
    assertThat(accounting.blockFound(found).outcome()).isEqualTo(Outcome.POSTED);
    return accounting;
  }
}
