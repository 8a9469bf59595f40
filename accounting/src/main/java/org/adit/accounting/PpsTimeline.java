package org.adit.accounting;

import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PpsEpoch;
import org.adit.accounting.store.PpsRate;
import org.jspecify.annotations.Nullable;

/**
 * Which shares are paid as they come, and at what rate: pay rules and rates by journal sequence.
 *
 * @param rules oldest first
 * @param rates oldest first
 */
record PpsTimeline(List<PayRule> rules, List<PpsRate> rates) {

  PpsTimeline {
    rules = List.copyOf(rules);
    rates = List.copyOf(rates);
  }

  /** Whether any share ever was or will be paid as it comes. */
  boolean isUsed() {
    return rules.stream().anyMatch(rule -> rule.scheme().paysByShare());
  }

  /** The rule a share is under: the newest that began at or before it. */
  PayRule ruleAt(long sequence) {
    for (PayRule rule : rules.reversed()) {
      if (rule.fromSequence() <= sequence) {
        return rule;
      }
    }
    return rules.getFirst();
  }

  /** The rate a share is paid by, null while there is none; the first counts for earlier shares. */
  @Nullable PpsRate rateAt(long sequence) {
    for (PpsRate rate : rates.reversed()) {
      if (rate.fromSequence() <= sequence) {
        return rate;
      }
    }
    return rates.isEmpty() ? null : rates.getFirst();
  }

  /**
   * The first sequence from one on that is under a rule that pays by the share.
   *
   * @return {@link Long#MAX_VALUE} when there is none
   */
  long nextPaid(long sequence) {
    if (ruleAt(sequence).scheme().paysByShare()) {
      return sequence;
    }
    for (int i = 0; i < rules.size(); i++) {
      PayRule rule = rules.get(i);
      boolean everInForce =
          i == rules.size() - 1 || rules.get(i + 1).fromSequence() > rule.fromSequence();
      if (rule.fromSequence() > sequence && everInForce && rule.scheme().paysByShare()) {
        return rule.fromSequence();
      }
    }
    return Long.MAX_VALUE;
  }

  PayRule rule(long id) {
    return rules.stream()
        .filter(rule -> rule.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no pay rule " + id));
  }

  PpsRate rate(long id) {
    return rates.stream()
        .filter(rate -> rate.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no rate " + id));
  }

  /** The epoch of a share that is paid as it comes; null when there is none of it. */
  @Nullable PpsEpoch epochOf(Collection<PpsEpoch> epochs, long sequence, int netBits) {
    PayRule rule = ruleAt(sequence);
    PpsRate rate = rateAt(sequence);
    for (PpsEpoch epoch : epochs) {
      if (rate != null
          && epoch.netBits() == netBits
          && epoch.payRuleId() == rule.id()
          && epoch.rateId() == rate.id()) {
        return epoch;
      }
    }
    return null;
  }

  /** The worth of work under a rule, a rate and a network work. */
  static PpsAccrual accrual(PayRule rule, PpsRate rate, BigInteger networkWork) {
    Rational fees = rule.scheme() == SchemeKind.FPPS ? rate.expectedFeesSat() : Rational.ZERO;
    return new PpsAccrual(networkWork, rate.subsidySat(), fees, rule.fee());
  }
}
