package org.adit.accounting;

import java.util.List;
import org.adit.accounting.bucket.WindowSource;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/** Computes a block's credits: once when it is found and again at every replay. */
final class BlockSettler {

  /** Credits and the window they come from; SOLO has none. */
  record Settled(Settlement settlement, @Nullable Window window) {}

  private final WindowSource windows;

  BlockSettler(WindowSource windows) {
    this.windows = windows;
  }

  /** Whether the scheme can be settled. */
  static boolean supports(SchemeKind scheme) {
    return scheme == SchemeKind.SOLO || scheme == SchemeKind.PPLNS_UNITS;
  }

  Settled settle(
      StoreReader reader,
      SchemeKind scheme,
      PayRule rule,
      Amounts reward,
      long winnerSequence,
      WorkerKey finder) {
    if (scheme == SchemeKind.SOLO) {
      return new Settled(new RewardScheme.Solo(rule.fee()).settle(reward, finder), null);
    }
    Window window = windows.unitWindow(reader, winnerSequence - 1, rule.windowUnits());
    Settlement settlement =
        new RewardScheme.Windowed(scheme, rule.fee(), rule.unfilled())
            .settle(reward, window, finder);
    return new Settled(settlement, window);
  }

  /** The rule in force for a winning share: the newest that began at or before it. */
  static PayRule ruleAt(List<PayRule> rules, long winnerSequence) {
    for (PayRule rule : rules.reversed()) {
      if (rule.fromSequence() <= winnerSequence) {
        return rule;
      }
    }
    throw new IllegalStateException("no pay rule is in force at share " + winnerSequence);
  }
}
