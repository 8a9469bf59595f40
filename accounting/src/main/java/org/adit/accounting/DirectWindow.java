package org.adit.accounting;

import java.util.Optional;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.PayRule;

/**
 * A reward window as of now, to divide blocks by whose coinbase pays the miners.
 *
 * @param endSequence newest share inside
 * @param netBits network target it was made for
 */
public record DirectWindow(long endSequence, int netBits, PayRule rule, Window window) {

  /**
   * How a block is divided; empty while nobody has work in the window: then the finder takes it,
   * who is not known yet.
   */
  public Optional<Settlement> divide(Amounts reward) {
    if (window.weights().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RewardScheme.Windowed(
                rule.scheme(), rule.fee(), BlockSettler.unfilled(rule, rule.scheme()))
            .settle(reward, window, WorkerKey.RESERVE));
  }
}
