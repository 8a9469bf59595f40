package org.adit.pool.work;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;

/** Makes jobs from templates. Thread-safe when its suppliers are. */
public final class JobFactory {
  private final CoinbasePolicy policy;
  private final byte[] tag;
  private final int configuredMask;
  private final LongSupplier jobIds;
  private final IntSupplier salts;
  private final Clock clock;
  private final Consumer<MiningJob> created;

  /**
   * @param policy whom coinbases pay
   * @param tag the pool's mark in the coinbase, printable ASCII
   * @param configuredMask version bits miners may roll at most
   * @param jobIds ids that never repeat, also across restarts
   * @param salts 4-byte values that do not repeat between jobs of one tip
   * @param clock what job times follow
   * @param created told each job before anybody has it
   */
  public JobFactory(
      CoinbasePolicy policy,
      String tag,
      int configuredMask,
      LongSupplier jobIds,
      IntSupplier salts,
      Clock clock,
      Consumer<MiningJob> created) {
    this.policy = policy;
    this.tag = tag.getBytes(StandardCharsets.US_ASCII);
    this.configuredMask = configuredMask;
    this.jobIds = jobIds;
    this.salts = salts;
    this.clock = clock;
    this.created = created;
  }

  CoinbasePolicy policy() {
    return policy;
  }

  static MerkleBranch branchOf(BlockTemplate template) {
    List<Hash256> txids = template.transactions().stream().map(TemplateTransaction::txid).toList();
    return MerkleBranch.ofTxids(txids);
  }

  /**
   * A fresh job (own id, own salt).
   *
   * @param account whom a block of it pays, as far as that depends on the finder
   * @param layout which of the plan's coinbases it has
   */
  MiningJob create(Work work, String account, CoinbaseClass layout) {
    BlockTemplate template = work.template();
    // Bits the node wants set must stay; every other bit of the mask is cleared and may be rolled.
    int mask = configuredMask & ~template.vbRequired();
    CoinbasePayouts payouts = work.plan().payouts(account, layout);
    CoinbaseParts coinbase =
        CoinbaseParts.of(
            template.height(),
            template.coinbaseAux().values(),
            salts.getAsInt(),
            tag,
            payouts.outputs(),
            template.defaultWitnessCommitment().orElse(null),
            template.coinbaseValueSat());
    coinbase.requireRoom(work.room());
    long now = clock.millis();
    MiningJob job =
        MiningJob.of(
                jobIds.getAsLong(),
                template,
                work.tip(),
                coinbase,
                work.branch(),
                template.version() & ~mask,
                mask,
                template.timeAt(Instant.ofEpochMilli(now)),
                work.plan().jobKey(account, layout),
                now)
            .frozenBy(payouts.frozen());
    created.accept(job);
    return job;
  }
}
