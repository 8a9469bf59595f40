package org.adit.pool.mining;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbaseParts;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Tip;
import org.junit.jupiter.api.Test;

/** Batches against the plain way: assemble the coinbase, climb the branch, hash the header. */
class ShareBatchTest {
  private static final int BITS = 0x207fffff;
  private static final int MASK = 0x1fffe000;

  private final SplittableRandom random = new SplittableRandom(4);
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ShareBatch batch = new ShareBatch(tasks::add);
  private final List<String> order = new ArrayList<>();

  @Test
  void everyShareOfAnyJobGetsItsHeaderAndHashInOrder() {
    List<SentJob> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      MiningJob job = job(i);
      for (int channel = 0; channel < 3; channel++) {
        jobs.add(sent(job));
      }
    }
    int count = 2 * ShareBatch.CAPACITY + 37;
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SentJob sent = jobs.get(random.nextInt(jobs.size()));
      Submission share = share();
      int version = ShareCheck.version(sent, share);
      var header = sent.job().header(sent.extranonce(share), version, share.ntime(), share.nonce());
      expected.add(Hash256.ofWire(header.toBytes(), 48) + " " + header.hash());
      batch.add(sent, share, version, remember());
    }
    runTasks();
    assertThat(order).isEqualTo(expected);

    batch.add(jobs.getFirst(), share(), 0, remember());
    runTasks();
    assertThat(order).as("a batch after the first").hasSize(count + 1);
  }

  @Test
  void nothingIsAnsweredBeforeTheLoopHasReadAll() {
    SentJob sent = sent(job(1));
    batch.add(sent, share(), 0, remember());
    batch.add(sent, share(), 0, remember());
    assertThat(order).isEmpty();
    assertThat(tasks).as("one task for the whole turn").hasSize(1);
    runTasks();
    assertThat(order).hasSize(2);
    assertThat(tasks).isEmpty();
  }

  @Test
  void aFaultWithOneShareDoesNotTouchTheOthers() {
    SentJob sent = sent(job(2));
    batch.add(sent, share(), 0, remember());
    batch.add(
        sent,
        share(),
        0,
        new ShareBatch.Hashed() {
          @Override
          public void hashed(byte[] header, Hash256 hash) {
            throw new IllegalStateException("broken on purpose");
          }

          @Override
          public void failed() {
            order.add("failed");
          }
        });
    batch.add(sent, share(), 0, remember());
    runTasks();
    assertThat(order).hasSize(3);
    assertThat(order.get(1)).isEqualTo("failed");
    assertThat(order.get(0)).isNotEqualTo(order.get(2));
  }

  /** Even an answer that cannot be given leaves nothing behind for the next turn. */
  @Test
  void aBatchThatBreaksOffIsAnsweredAndOver() {
    SentJob sent = sent(job(3));
    ShareBatch.Hashed broken =
        new ShareBatch.Hashed() {
          @Override
          public void hashed(byte[] header, Hash256 hash) {
            throw new IllegalStateException("broken on purpose");
          }

          @Override
          public void failed() {
            order.add("failed");
            if (order.size() == 1) {
              throw new IllegalStateException("broken on purpose, again");
            }
          }
        };
    batch.add(sent, share(), 0, broken);
    batch.add(sent, share(), 0, broken);
    runTasks();
    assertThat(order).containsExactly("failed", "failed");

    batch.add(sent, share(), 0, remember());
    assertThat(tasks).as("the next turn has its task again").hasSize(1);
    runTasks();
    assertThat(order).hasSize(3);
  }

  private ShareBatch.Hashed remember() {
    return new ShareBatch.Hashed() {
      @Override
      public void hashed(byte[] header, Hash256 hash) {
        order.add(Hash256.ofWire(header, 48) + " " + hash);
      }

      @Override
      public void failed() {
        throw new AssertionError("no share of this test fails");
      }
    };
  }

  private void runTasks() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private SentJob sent(MiningJob job) {
    return new SentJob(
        job, ShareRequirement.of(Difficulty.of(1), job.networkTarget()), MASK, 0, bytes(4));
  }

  private MiningJob job(int branchLevels) {
    BlockTemplate template = Templates.empty(100 + branchLevels, Templates.hash(7), BITS);
    List<Hash256> branch = new ArrayList<>();
    for (int i = 0; i < branchLevels; i++) {
      branch.add(Hash256.ofWire(bytes(32)));
    }
    CoinbaseParts coinbase =
        CoinbaseParts.of(
            template.height(),
            List.of(),
            random.nextInt(),
            bytes(random.nextInt(1, 40)),
            List.of(new CoinbaseOutput(bytes(22), template.coinbaseValueSat())),
            null,
            template.coinbaseValueSat());
    return MiningJob.of(
        branchLevels,
        template,
        Tip.unlisted(template.previousBlock()),
        coinbase,
        MerkleBranch.of(branch),
        template.version() & ~MASK,
        MASK,
        template.curTime(),
        "",
        0);
  }

  private Submission share() {
    int bits = random.nextInt() & MASK;
    Worker worker = new Worker("account", "rig", 1);
    return new Submission(worker, bytes(8), random.nextInt(), random.nextInt(), true, bits);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
