package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One settlement function for each scheme. Pure: the same input gives the same satoshi for ever.
 */
public sealed interface RewardScheme {

  /** Which scheme. */
  SchemeKind kind();

  /**
   * SOLO: everything but the fee belongs to the finder.
   *
   * @param fee the pool's part
   */
  record Solo(FeePpm fee) implements RewardScheme {
    @Override
    public SchemeKind kind() {
      return SchemeKind.SOLO;
    }

    /** Divides a block. */
    public Settlement settle(Amounts reward, WorkerKey finder) {
      return Settlement.divide(reward, fee, only(finder));
    }
  }

  /**
   * Schemes that divide a whole block by a window of work.
   *
   * @param kind PROP, PPLNS_WORK, PPLNS_UNITS or TIDES
   * @param unfilled what happens while the window is not full; PROP's always is
   */
  record Windowed(SchemeKind kind, FeePpm fee, UnfilledPolicy unfilled) implements RewardScheme {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException for schemes that pay a block otherwise
     */
    public Windowed {
      if (!kind.dividesBlocksByWindow()) {
        throw new IllegalArgumentException(kind + " does not divide blocks by a window");
      }
      if (kind == SchemeKind.PROP && unfilled == UnfilledPolicy.RESERVE) {
        throw new IllegalArgumentException("a PROP round is never unfilled (expected: SCALE)");
      }
    }

    /**
     * Divides a block over the window. A window without any share (the pool's first share is a
     * block) goes to the finder under {@code SCALE} and to the reserve under {@code RESERVE}; never
     * to the pool.
     */
    public Settlement settle(Amounts reward, Window window, WorkerKey finder) {
      return Settlement.divide(reward, fee, weights(window, unfilled, finder));
    }
  }

  /**
   * PPS and FPPS: the operator pays for shares as they come (see {@link PpsAccrual}) and owns the
   * blocks.
   *
   * @param kind PPS or FPPS
   * @param fee kept from what shares are worth
   */
  record PerShare(SchemeKind kind, FeePpm fee) implements RewardScheme {

    /**
     * Checks the kind.
     *
     * @throws IllegalArgumentException for schemes that are not per share alone
     */
    public PerShare {
      if (kind != SchemeKind.PPS && kind != SchemeKind.FPPS) {
        throw new IllegalArgumentException(kind + " does not pay by the share alone");
      }
    }

    /** A block: all of it is the operator's, who has paid for the shares. */
    public Settlement settle(Amounts reward) {
      return new Settlement(reward, List.of());
    }
  }

  /**
   * PPS+: the subsidy is paid by the share (see {@link PpsAccrual}), the transaction fees of a
   * block are divided over a window.
   *
   * @param fee its rate for transaction fees applies to blocks, the one for the subsidy to shares
   * @param unfilled what happens while the window is not full
   */
  record PpsPlus(FeePpm fee, UnfilledPolicy unfilled) implements RewardScheme {
    @Override
    public SchemeKind kind() {
      return SchemeKind.PPS_PLUS;
    }

    /** Divides a block's transaction fees; the subsidy is the operator's. */
    public Settlement settle(Amounts reward, Window window, WorkerKey finder) {
      Settlement fees =
          Settlement.divide(
              new Amounts(0, reward.feesSat()), fee, weights(window, unfilled, finder));
      return new Settlement(
          fees.poolFee().plus(new Amounts(reward.subsidySat(), 0)), fees.credits());
    }
  }

  /**
   * SLICE, for miners who choose transactions themselves: subsidy by work, transaction fees by work
   * times the fees a share's own block would have earned, at most what was attainable then. Slices
   * weigh against each other by their work; a slice in which nobody could earn fees counts its work
   * alone.
   *
   * @param fee the pool's part
   */
  record Sliced(FeePpm fee) implements RewardScheme {
    @Override
    public SchemeKind kind() {
      return SchemeKind.SLICE;
    }

    /** Divides a block over whole slices; the one with the winning share is not among them. */
    public Settlement settle(Amounts reward, List<Slice> slices, WorkerKey finder) {
      SortedMap<WorkerKey, Rational> work = new TreeMap<>();
      SortedMap<WorkerKey, Rational> scores = feeScores(slices);
      for (Slice slice : slices) {
        for (SliceShare share : slice.shares()) {
          work.merge(share.worker(), Rational.of(share.work()), Rational::plus);
        }
      }
      work.values().removeIf(weight -> weight.signum() == 0);
      return work.isEmpty()
          ? Settlement.divide(reward, fee, only(finder))
          : Settlement.divide(reward, fee, work, scores);
    }

    /** Each worker's part of the transaction fees; all together 1, none when there was no work. */
    public SortedMap<WorkerKey, Rational> feeScores(List<Slice> slices) {
      BigInteger all = slices.stream().map(Slice::work).reduce(BigInteger.ZERO, BigInteger::add);
      SortedMap<WorkerKey, Rational> scores = new TreeMap<>();
      for (Slice slice : slices) {
        BigInteger scored =
            slice.shares().stream().map(slice::feeScore).reduce(BigInteger.ZERO, BigInteger::add);
        for (SliceShare share : slice.shares()) {
          BigInteger part = scored.signum() == 0 ? share.work() : slice.feeScore(share);
          BigInteger of = scored.signum() == 0 ? slice.work() : scored;
          if (of.signum() > 0) {
            scores.merge(
                share.worker(),
                Rational.of(slice.work(), all).times(Rational.of(part, of)),
                Rational::plus);
          }
        }
      }
      return scores;
    }
  }

  private static SortedMap<WorkerKey, Rational> only(WorkerKey worker) {
    SortedMap<WorkerKey, Rational> one = new TreeMap<>();
    one.put(worker, Rational.ONE);
    return one;
  }

  private static SortedMap<WorkerKey, Rational> weights(
      Window window, UnfilledPolicy unfilled, WorkerKey finder) {
    SortedMap<WorkerKey, Rational> weights = new TreeMap<>(window.weights());
    if (unfilled == UnfilledPolicy.RESERVE && window.missing().signum() > 0) {
      weights.put(WorkerKey.RESERVE, window.missing());
    }
    return Collections.unmodifiableSortedMap(weights.isEmpty() ? only(finder) : weights);
  }
}
