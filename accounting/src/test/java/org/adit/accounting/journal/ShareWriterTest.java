package org.adit.accounting.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.adit.accounting.journal.JournalRig.FaultyDisk;
import org.adit.accounting.journal.JournalRig.FaultyDisk.Tear;
import org.adit.accounting.journal.WriterStatus.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareWriterTest {
  @TempDir Path folder;

  /** Remembers every answer. */
  private static class Log implements AckListener {
    final List<Ack> durable = Collections.synchronizedList(new ArrayList<>());
    final List<Ack> refused = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void durable(List<Ack> acks) {
      durable.addAll(acks);
    }

    @Override
    public void refused(List<Ack> shares, IOException cause) {
      assertThat(cause).isNotNull();
      refused.addAll(shares);
    }

    int answers() {
      return durable.size() + refused.size();
    }
  }

  private ShareWriter writer(JournalDisk disk) throws IOException {
    return new ShareWriter(
        ShareJournal.open(folder, JournalRig.SMALL, disk), JournalRig.SMALL, System::nanoTime);
  }

  private static void offerAll(ShareLane lane, List<ShareRecord> shares) {
    for (ShareRecord share : shares) {
      while (!lane.offer(share, share)) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void everyLaneHearsOfItsOwnSharesInOrderAndSequencesHaveNoGaps() throws Exception {
    int lanes = 4;
    int each = 5_000;
    List<Log> logs = new ArrayList<>();
    List<List<ShareRecord>> shares = new ArrayList<>();
    List<Thread> producers = new ArrayList<>();
    try (ShareWriter writer = writer(JournalDisk.SYSTEM)) {
      for (int i = 0; i < lanes; i++) {
        Log log = new Log();
        ShareLane lane = writer.openLane(64, log);
        List<ShareRecord> own = JournalRig.shares(new SplittableRandom(i), each);
        logs.add(log);
        shares.add(own);
        producers.add(Thread.ofPlatform().start(() -> offerAll(lane, own)));
      }
      for (Thread producer : producers) {
        producer.join();
      }
      await().until(() -> writer.lastDurableSequence() == (long) lanes * each);
      WriterStatus status = writer.status();
      assertThat(status.sharesDurable()).isEqualTo((long) lanes * each);
      assertThat(status.groupsFull() + status.groupsIdle() + status.groupsTimed()).isPositive();
    }
    List<ShareRecord> stored = JournalRig.readAll(folder, (long) lanes * each);
    List<Long> sequences = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      List<Ack> acks = logs.get(i).durable;
      assertThat(acks).extracting(Ack::share).isEqualTo(shares.get(i));
      assertThat(acks).allSatisfy(ack -> assertThat(ack.attachment()).isSameAs(ack.share()));
      assertThat(acks).extracting(Ack::sequence).isSorted();
      for (Ack ack : acks) {
        sequences.add(ack.sequence());
        assertThat(stored.get((int) ack.sequence() - 1)).isEqualTo(ack.share());
      }
    }
    assertThat(sequences.stream().mapToLong(Long::longValue).sorted().toArray())
        .isEqualTo(LongStream.rangeClosed(1, (long) lanes * each).toArray());
  }

  @Test
  void aFullDiskRefusesAndRecoversByItself() throws Exception {
    FaultyDisk disk = new FaultyDisk(Tear.HALF);
    SplittableRandom random = new SplittableRandom(1);
    Log log = new Log();
    try (ShareWriter writer = writer(disk)) {
      ShareLane lane = writer.openLane(256, log);
      offerAll(lane, JournalRig.shares(random, 30));
      await().until(() -> log.durable.size() == 30);

      disk.failAll();
      offerAll(lane, JournalRig.shares(random, 100));
      await().until(() -> log.refused.size() == 100);
      assertThat(writer.status().state()).isEqualTo(State.REFUSING);
      assertThat(writer.status().cause()).hasMessageContaining("No space left");
      assertThat(writer.status().sharesRefused()).isEqualTo(100);
      assertThat(log.durable).hasSize(30);
      assertThat(log.refused).allSatisfy(ack -> assertThat(ack.sequence()).isZero());

      disk.heal();
      await().until(() -> writer.status().state() == State.RUNNING);
      offerAll(lane, JournalRig.shares(random, 50));
      await().until(() -> log.durable.size() == 80);
    }
    assertThat(log.durable.stream().mapToLong(Ack::sequence).toArray())
        .isEqualTo(LongStream.rangeClosed(1, 80).toArray());
    assertThat(JournalRig.readAll(folder, 80))
        .isEqualTo(log.durable.stream().map(Ack::share).toList());
  }

  @Test
  void nothingIsAcknowledgedBeforeTheForce() throws Exception {
    FaultyDisk disk = new FaultyDisk(Tear.ALL);
    Log log = new Log();
    try (ShareWriter writer = writer(disk)) {
      ShareLane lane = writer.openLane(16, log);
      offerAll(lane, JournalRig.shares(new SplittableRandom(5), 1));
      await().until(() -> log.durable.size() == 1);
      int done = disk.operations.get();
      // The write succeeds, the force after it fails: the share must be refused.
      disk.failBetween(done + 1, done + 2);
      offerAll(lane, JournalRig.shares(new SplittableRandom(6), 1));
      await().until(() -> log.answers() == 2);
      assertThat(disk.failures).containsExactly("force");
      assertThat(log.refused).hasSize(1);
    }
  }

  @Test
  void aShareOfferedAroundTheCloseIsAnsweredOrNotTaken() throws Exception {
    for (int round = 0; round < 20; round++) {
      Log log = new Log();
      ShareWriter writer = writer(JournalDisk.SYSTEM);
      ShareLane lane = writer.openLane(8, log);
      AtomicLong taken = new AtomicLong();
      Thread producer =
          Thread.ofPlatform()
              .start(() -> {
                SplittableRandom random = new SplittableRandom(1);
                while (writer.status().state() != State.CLOSED) {
                  if (lane.offer(JournalRig.share(random), null)) {
                    taken.incrementAndGet();
                  }
                }
              });
      await().until(() -> log.durable.size() > 10);
      writer.close();
      producer.join();
      assertThat(log.answers()).isEqualTo((int) taken.get());
      assertThat(lane.offer(JournalRig.share(new SplittableRandom(1)), null)).isFalse();
    }
  }

  @Test
  void aFullLaneTakesNothing() throws Exception {
    CountDownLatch writerIsBusy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Log log =
        new Log() {
          @Override
          public void durable(List<Ack> acks) {
            super.durable(acks);
            writerIsBusy.countDown();
            assertThat(uninterruptibly(goOn)).isTrue();
          }
        };
    int capacity = 4;
    SplittableRandom random = new SplittableRandom(1);
    try (ShareWriter writer = writer(new FaultyDisk(Tear.NOTHING))) {
      try {
        ShareLane lane = writer.openLane(capacity, log);
        assertThat(lane.offer(JournalRig.share(random), null)).isTrue();
        // From here on the writer takes nothing: what the lane holds is what was offered.
        assertThat(uninterruptibly(writerIsBusy)).isTrue();
        for (int i = 0; i < capacity; i++) {
          assertThat(lane.free()).isEqualTo(capacity - i);
          assertThat(lane.offer(JournalRig.share(random), null)).isTrue();
        }
        assertThat(lane.free()).isZero();
        assertThat(lane.offer(JournalRig.share(random), null)).isFalse();
      } finally {
        goOn.countDown();
      }
      await().until(() -> log.durable.size() == 1 + capacity);
    }
    assertThat(log.durable).hasSize(1 + capacity);
  }

  private static boolean uninterruptibly(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
