package org.adit.accounting;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.bucket.WindowSource;
import org.adit.accounting.bucket.WindowSpec;
import org.adit.accounting.ledger.BlockMoney;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/** Computes a block's credits: once when it is found and again at every replay. */
final class BlockSettler {

  /** Credits and the window they come from; SOLO has none. */
  record Settled(Settlement settlement, @Nullable Window window) {}

  /**
   * What a block gives to its settlement.
   *
   * @param netBits of its header
   * @param endSequence newest share its window may hold
   */
  record Facts(
      SchemeKind scheme, Amounts reward, int netBits, long endSequence, WorkerKey finder) {}

  private final WindowSource windows;
  private final NetworkWork networkWork;

  BlockSettler(WindowSource windows, NetworkWork networkWork) {
    this.windows = windows;
    this.networkWork = networkWork;
  }

  /** Whether the pool can settle blocks by the scheme. SLICE needs job fees with each share. */
  static boolean supports(SchemeKind scheme) {
    return scheme != SchemeKind.SLICE;
  }

  /**
   * Divides a block.
   *
   * @param roundStart first share of a PROP round; without meaning for other schemes
   */
  Settled settle(StoreReader reader, PayRule rule, Facts block, long roundStart) {
    return switch (block.scheme()) {
      case SOLO ->
          new Settled(
              new RewardScheme.Solo(rule.fee()).settle(block.reward(), block.finder()), null);
      case PROP, PPLNS_WORK, PPLNS_UNITS, TIDES -> {
        Window window = windows.window(reader, spec(rule, block, roundStart));
        yield new Settled(
            new RewardScheme.Windowed(block.scheme(), rule.fee(), unfilled(rule, block.scheme()))
                .settle(block.reward(), window, block.finder()),
            window);
      }
      case PPS, FPPS ->
          new Settled(
              new RewardScheme.PerShare(block.scheme(), rule.fee()).settle(block.reward()), null);
      case PPS_PLUS -> {
        Window window = windows.window(reader, spec(rule, block, roundStart));
        yield new Settled(
            new RewardScheme.PpsPlus(rule.fee(), rule.unfilled())
                .settle(block.reward(), window, block.finder()),
            window);
      }
      case SLICE ->
          throw new IllegalArgumentException("scheme " + block.scheme() + " cannot be settled");
    };
  }

  static UnfilledPolicy unfilled(PayRule rule, SchemeKind scheme) {
    return scheme == SchemeKind.PROP ? UnfilledPolicy.SCALE : rule.unfilled();
  }

  private WindowSpec spec(PayRule rule, Facts block, long roundStart) {
    long end = block.endSequence();
    return switch (block.scheme()) {
      case PROP -> WindowSpec.round(roundStart, end);
      case PPLNS_WORK, TIDES ->
          WindowSpec.work(end, rule.window().times(Rational.of(networkWork.of(block.netBits()))));
      default -> WindowSpec.units(end, rule.window());
    };
  }

  /**
   * The rule a block pays by: the newest of its scheme that began at or before its winning share.
   * The scheme is a fact of the job that was mined; a block of an earlier run that is booked after
   * the settings changed still pays as its job said. Where no rule names the scheme, the rule in
   * force gives fee and window.
   */
  static PayRule ruleFor(List<PayRule> rules, long winnerSequence, SchemeKind scheme) {
    List<PayRule> begun =
        rules.reversed().stream().filter(rule -> rule.fromSequence() <= winnerSequence).toList();
    if (begun.isEmpty()) {
      throw new IllegalStateException("no pay rule is in force at share " + winnerSequence);
    }
    return begun.stream()
        .filter(rule -> rule.scheme() == scheme)
        .findFirst()
        .orElse(begun.getFirst());
  }

  /**
   * What of a block goes where in the ledger. Where shares are paid as they come, the operator's
   * part is income to pay them from; only the fee on what is divided over a window is a pool fee.
   */
  static BlockMoney money(
      String hash,
      SchemeKind scheme,
      boolean direct,
      Settlement settlement,
      Set<String> paidDirectly) {
    Amounts own = settlement.poolFee();
    SortedMap<String, Amounts> credits = direct ? new TreeMap<>() : settlement.byAccount();
    credits.keySet().removeAll(paidDirectly);
    return switch (scheme) {
      case PPS, FPPS -> new BlockMoney(hash, Amounts.ZERO, credits, own.totalSat());
      case PPS_PLUS ->
          new BlockMoney(hash, new Amounts(0, own.feesSat()), credits, own.subsidySat());
      default -> new BlockMoney(hash, own, credits);
    };
  }

  /** The window of a scheme that divides blocks by one, as it is at a share. */
  Window window(StoreReader reader, PayRule rule, int netBits, long endSequence) {
    return windows.window(
        reader,
        spec(
            rule,
            new Facts(rule.scheme(), Amounts.ZERO, netBits, endSequence, WorkerKey.RESERVE),
            rule.scheme() == SchemeKind.PROP ? reader.roundStart(endSequence + 1) : 1));
  }
}
