package org.adit.pool;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.scheme.ExpectedFees;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.PpsRate;
import org.adit.config.PoolConfig;
import org.adit.config.PpsConfig;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the accounting what a block is worth, for schemes that pay by the share: the subsidy of the
 * height that is mined, and with FPPS the transaction fees to be expected, from the chain's newest
 * blocks, fixed for a day. Until both are known no share is worth anything, and nobody mines.
 */
final class BlockWorth implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockWorth.class);
  private static final Duration FEES_HOLD = Duration.ofDays(1);

  private final PoolAccounting accounting;
  private final SchemeKind scheme;
  private final PpsConfig config;
  private final RpcClient rpc;
  private final Clock clock;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final ExecutorService task =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("block-worth").factory());

  BlockWorth(PoolConfig config, PoolAccounting accounting, Clock clock) {
    this.accounting = accounting;
    this.scheme = PayRules.scheme(config.payout().scheme());
    this.config = config.pps();
    this.rpc = RpcClient.of(config.bitcoind());
    this.clock = clock;
  }

  /** Looks at what is mined next; waits for the database when its worth has changed. */
  void look(BlockTemplate template) {
    if (!scheme.paysByShare()) {
      return;
    }
    if (scheme != SchemeKind.FPPS) {
      accounting.payPerBlock(template.subsidySat(), Rational.ZERO, "");
      return;
    }
    Optional<PpsRate> estimate =
        accounting.ppsRate().filter(rate -> !rate.inputs().isEmpty() && isToday(rate));
    if (estimate.isPresent()) {
      PpsRate rate = estimate.get();
      accounting.payPerBlock(template.subsidySat(), rate.expectedFeesSat(), rate.inputs());
    } else if (asking.compareAndSet(false, true)) {
      task.execute(() -> estimate(template));
    }
  }

  private boolean isToday(PpsRate rate) {
    return Math.abs(clock.millis() - rate.setMillis()) < FEES_HOLD.toMillis();
  }

  private void estimate(BlockTemplate template) {
    try {
      int tip = template.height() - 1;
      int first = Math.max(1, tip - config.feeBlocks() + 1);
      List<Long> fees = new ArrayList<>();
      for (int height = first; height <= tip; height++) {
        fees.add(
            rpc.call("getblockstats", height, List.of("totalfee")).required("totalfee").asLong());
      }
      if (fees.isEmpty()) {
        fees.add(0L); // A chain that only has its genesis block.
      }
      Rational expected =
          config.expectedFees() == PpsConfig.ExpectedFees.MEAN
              ? ExpectedFees.mean(fees)
              : ExpectedFees.trimmedMean(fees);
      String inputs =
          "%s of the fees of heights %d to %d: %s"
              .formatted(
                  config.expectedFees().name().toLowerCase(Locale.ROOT),
                  first,
                  tip,
                  fees.stream().map(String::valueOf).collect(Collectors.joining(",")));
      accounting.payPerBlock(template.subsidySat(), expected, inputs);
    } catch (NodeException | RuntimeException e) {
      LOG.warn(
          "the fees of the newest blocks are not known, so no new estimate is made; trying again"
              + " with the next template (a pruned node must keep {} blocks): {}",
          config.feeBlocks(),
          e.getMessage());
    } finally {
      asking.set(false);
    }
  }

  @Override
  public void close() {
    task.shutdownNow();
    rpc.close();
  }
}
