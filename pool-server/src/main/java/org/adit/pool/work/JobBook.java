package org.adit.pool.work;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tip and the current work, and knows how long jobs live. Written by the thread that
 * receives templates, read by all.
 */
public final class JobBook {
  /** Tips remembered, so that a chain that goes back and forth finds its duplicates again. */
  private static final int TIPS_KEPT = 8;

  private final JobFactory factory;
  private final Clock clock;
  private final Map<Hash256, Tip> tips =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash256, Tip> eldest) {
          return size() > TIPS_KEPT;
        }
      };
  private volatile @Nullable Work current;
  private @Nullable Work approved;

  /** A book without work. */
  public JobBook(JobFactory factory, Clock clock) {
    this.factory = factory;
    this.clock = clock;
  }

  /**
   * Takes a tip of before the pool was started again, with the shares seen on it. It is no longer
   * current, unless the next template builds on it.
   */
  public synchronized void recall(Tip tip) {
    tip.supersede(clock.millis());
    tips.put(tip.blockHash(), tip);
  }

  /** What to mine now; null before the first template and after {@link #withdraw}. */
  public @Nullable Work current() {
    return current;
  }

  /** Takes a template and makes it the current work. */
  public synchronized Work accept(BlockTemplate template) {
    Work before = current;
    Hash256 previous = template.previousBlock();
    boolean sameTip = before != null && before.tip().blockHash().equals(previous);
    boolean newTip = !sameTip;
    Tip tip = before != null && sameTip ? before.tip() : enter(previous);
    boolean afterEmpty =
        before != null && sameTip && before.template().emptyFirst() && !template.emptyFirst();
    Work work = new Work(template, tip, newTip, newTip || afterEmpty, factory);
    if (before != null && newTip) {
      // Not before there is work to send: until then a miner has nothing better to mine.
      before.tip().supersede(clock.millis());
    }
    current = work;
    return work;
  }

  /** Makes the current work anew from its template: fresh jobs with a later time. */
  public synchronized Optional<Work> renew() {
    Work before = current;
    return before == null ? Optional.empty() : Optional.of(accept(before.template()));
  }

  /**
   * Makes work nobody gets, to show its block to the node.
   *
   * @param account whom its coinbase pays
   */
  public MiningJob trial(BlockTemplate template, String account) {
    Tip tip = Tip.unlisted(template.previousBlock());
    return new Work(template, tip, true, true, factory).jobFor(account);
  }

  /** The node has looked at a block of this work and has nothing against it. */
  public synchronized void approve(Work work) {
    approved = work;
  }

  /**
   * The node would refuse blocks of this work: the last approved template of the same tip takes its
   * place, with fresh jobs. Without one there is nothing true to mine.
   *
   * @return what to mine now, when it changed; empty when there is nothing
   */
  @SuppressWarnings("ReferenceEquality") // work is made once and a tip entered once
  public synchronized Optional<Work> refuse(Work work) {
    Work now = current;
    if (now != null && now != work && now.template() != work.template()) {
      return Optional.of(now); // a later template is out already
    }
    Work good = approved;
    if (good != null && now != null && good.tip() == now.tip()) {
      return Optional.of(accept(good.template()));
    }
    withdraw();
    return Optional.empty();
  }

  /** Takes the current work back: there is nothing true to mine. Known jobs become stale. */
  public synchronized void withdraw() {
    Work before = current;
    if (before != null) {
      before.tip().supersede(clock.millis());
      current = null;
    }
  }

  private Tip enter(Hash256 previous) {
    // Removed and put again so that the eldest entry is the one longest unused.
    Tip known = tips.remove(previous);
    Tip tip = known == null ? new Tip(previous) : known;
    tip.restore();
    tips.put(previous, tip);
    return tip;
  }
}
