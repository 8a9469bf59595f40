package org.adit.accounting.shadow;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.bucket.WindowSource;
import org.adit.accounting.bucket.WindowSpec;
import org.adit.accounting.economics.BlockCountRange;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.LargestRemainder;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.StoreReader;

/**
 * Settles the newest blocks under every scheme, with the fees in force and the same windows the
 * real settlement takes. Changes nothing.
 */
public final class ShadowSchemes {
  private static final List<SchemeKind> COMPARED =
      List.of(
          SchemeKind.SOLO,
          SchemeKind.PROP,
          SchemeKind.PPLNS_UNITS,
          SchemeKind.PPLNS_WORK,
          SchemeKind.TIDES,
          SchemeKind.PPS,
          SchemeKind.PPS_PLUS,
          SchemeKind.FPPS);
  private static final Rational TIDES_WINDOW = Rational.of(8);
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  private final StoreReader reader;
  private final WindowSource windows;
  private final NetworkWork networkWork;
  private final PayRule rule;
  private final Rational window;

  /**
   * Makes a comparison's tools.
   *
   * @param rule the rule in force: its fees hold for every scheme
   * @param window size of the PPLNS and PPS+ windows
   */
  public ShadowSchemes(
      StoreReader reader,
      WindowSource windows,
      NetworkWork networkWork,
      PayRule rule,
      Rational window) {
    this.reader = reader;
    this.windows = windows;
    this.networkWork = networkWork;
    this.rule = rule;
    this.window = window;
  }

  /** The span that is compared: blocks oldest first, expected blocks per account, mean reward. */
  private record Span(
      long first,
      long last,
      List<BlockRow> blocks,
      SortedMap<String, Rational> units,
      Rational allUnits,
      Amounts reward) {
    Rational mean(long sat) {
      return Rational.of(sat).over(blocks.size());
    }
  }

  /**
   * Compares over the newest blocks that are not orphaned, and the work since the block before
   * them.
   *
   * @param mostBlocks how many at most, positive
   */
  public SchemeComparison compare(int mostBlocks) {
    List<BlockRow> all = new ArrayList<>();
    reader.forEachBlock(block -> {
      if (block.state() != BlockState.ORPHANED) {
        all.add(block);
      }
    });
    all.sort(java.util.Comparator.comparingLong(BlockRow::winnerSequence));
    int from = Math.max(0, all.size() - mostBlocks);
    long first = from == 0 ? 1 : all.get(from - 1).winnerSequence();
    long last = reader.foldedSequence();
    List<BlockRow> blocks = all.subList(from, all.size());
    Window work =
        windows.window(reader, new WindowSpec(Measure.UNITS, null, Math.max(1, first), last));
    Amounts reward = blocks.stream().map(BlockRow::reward).reduce(Amounts.ZERO, Amounts::plus);
    Span span = new Span(first, last, blocks, work.accountWeights(), work.filled(), reward);
    List<SchemeEarnings> rows = new ArrayList<>();
    if (!blocks.isEmpty()) {
      for (SchemeKind scheme : COMPARED) {
        rows.add(scheme.paysByShare() ? byShare(scheme, span) : byBlock(scheme, span));
      }
    }
    return new SchemeComparison(first, last, span.allUnits(), blocks.size(), reward, rows);
  }

  private Rational windowOf(SchemeKind scheme) {
    return switch (scheme) {
      case PPLNS_UNITS, PPLNS_WORK, PPS_PLUS -> window;
      case TIDES -> TIDES_WINDOW;
      default -> Rational.ZERO;
    };
  }

  private SchemeEarnings row(SchemeKind scheme, long poolSat, SortedMap<String, Earned> accounts) {
    return new SchemeEarnings(scheme, windowOf(scheme), scheme == rule.scheme(), poolSat, accounts);
  }

  private SchemeEarnings byBlock(SchemeKind scheme, Span span) {
    SortedMap<String, Long> sums = new TreeMap<>(LargestRemainder.KEY_ORDER);
    long pool = 0;
    long roundStart = span.first();
    for (BlockRow block : span.blocks()) {
      Settlement settlement = settle(scheme, block, roundStart);
      settlement
          .byAccount()
          .forEach((account, amounts) -> sums.merge(account, amounts.totalSat(), Long::sum));
      pool += settlement.poolFee().totalSat();
      roundStart = block.winnerSequence();
    }
    SortedMap<String, Earned> earned = new TreeMap<>(LargestRemainder.KEY_ORDER);
    for (String account : accounts(sums, span)) {
      long sat = sums.getOrDefault(account, 0L);
      earned.put(
          account,
          scheme == SchemeKind.SOLO ? alone(account, sat, span) : together(account, sat, span));
    }
    return row(scheme, pool, earned);
  }

  private static List<String> accounts(Map<String, Long> earned, Span span) {
    SortedMap<String, Boolean> names = new TreeMap<>(LargestRemainder.KEY_ORDER);
    earned.keySet().forEach(name -> names.put(name, true));
    span.units().keySet().forEach(name -> names.put(name, true));
    return List.copyOf(names.keySet());
  }

  private Settlement settle(SchemeKind scheme, BlockRow block, long roundStart) {
    long end = block.winnerSequence() - 1;
    return switch (scheme) {
      case SOLO -> new RewardScheme.Solo(rule.fee()).settle(block.reward(), block.finder());
      case PROP ->
          divide(
              scheme, UnfilledPolicy.SCALE, block, WindowSpec.round(Math.max(1, roundStart), end));
      case PPLNS_UNITS -> divide(scheme, rule.unfilled(), block, WindowSpec.units(end, window));
      default ->
          divide(
              scheme,
              rule.unfilled(),
              block,
              WindowSpec.work(
                  end, windowOf(scheme).times(Rational.of(networkWork.of(block.netBits())))));
    };
  }

  private Settlement divide(
      SchemeKind scheme, UnfilledPolicy unfilled, BlockRow block, WindowSpec spec) {
    return new RewardScheme.Windowed(scheme, rule.fee(), unfilled)
        .settle(block.reward(), windows.window(reader, spec), block.finder());
  }

  private SchemeEarnings byShare(SchemeKind scheme, Span span) {
    FeePpm fee = rule.fee();
    Rational perUnit = kept(span.mean(span.reward().subsidySat()), fee.subsidyPpm());
    if (scheme == SchemeKind.FPPS) {
      perUnit = perUnit.plus(kept(span.mean(span.reward().feesSat()), fee.feesPpm()));
    }
    SortedMap<String, Long> fees = new TreeMap<>(LargestRemainder.KEY_ORDER);
    long pool = span.reward().totalSat();
    if (scheme == SchemeKind.PPS_PLUS) {
      for (BlockRow block : span.blocks()) {
        Window unitWindow =
            windows.window(reader, WindowSpec.units(block.winnerSequence() - 1, window));
        new RewardScheme.PpsPlus(fee, rule.unfilled())
            .settle(block.reward(), unitWindow, block.finder())
            .byAccount()
            .forEach((account, amounts) -> fees.merge(account, amounts.feesSat(), Long::sum));
      }
    }
    Rational feesPerUnit = kept(span.mean(span.reward().feesSat()), fee.feesPpm());
    SortedMap<String, Earned> earned = new TreeMap<>(LargestRemainder.KEY_ORDER);
    for (String account : accounts(fees, span)) {
      Rational units = span.units().getOrDefault(account, Rational.ZERO);
      long shares = units.times(perUnit).floor().longValueExact();
      long sat = shares + fees.getOrDefault(account, 0L);
      pool -= sat;
      earned.put(
          account,
          scheme == SchemeKind.PPS_PLUS
              ? new Earned(
                  sat,
                  shares + at(span.allUnits(), units, feesPerUnit, true),
                  shares + at(span.allUnits(), units, feesPerUnit, false))
              : new Earned(sat, sat, sat));
    }
    return row(scheme, pool, earned);
  }

  private static Rational kept(Rational amount, int feePpm) {
    return amount.times(Rational.of(MILLION.subtract(BigInteger.valueOf(feePpm)), MILLION));
  }

  /** What is left of a mean block. */
  private Rational perBlock(Span span) {
    return kept(span.mean(span.reward().subsidySat()), rule.fee().subsidyPpm())
        .plus(kept(span.mean(span.reward().feesSat()), rule.fee().feesPpm()));
  }

  /** Alone, the blocks are the account's own. */
  private Earned alone(String account, long sat, Span span) {
    Rational units = span.units().getOrDefault(account, Rational.ZERO);
    Rational perBlock = perBlock(span);
    return new Earned(sat, at(units, units, perBlock, true), at(units, units, perBlock, false));
  }

  /** Together, the pool's luck is everybody's. */
  private Earned together(String account, long sat, Span span) {
    Rational units = span.units().getOrDefault(account, Rational.ZERO);
    Rational perBlock = perBlock(span);
    return new Earned(
        sat,
        at(span.allUnits(), units, perBlock, true),
        at(span.allUnits(), units, perBlock, false));
  }

  /**
   * An account's part of the pay for the fewest or most blocks that so much work finds in 95 of 100
   * cases.
   */
  private static long at(Rational all, Rational own, Rational perBlock, boolean fewest) {
    if (all.signum() == 0) {
      return 0;
    }
    BlockCountRange range = BlockCountRange.of(all);
    Rational blocks = Rational.of(fewest ? range.fewest() : range.most());
    return blocks.times(perBlock).times(own).dividedBy(all).floor().longValueExact();
  }
}
