package org.adit.accounting;

import java.time.Duration;
import org.adit.accounting.bucket.BucketSettings;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;

/**
 * Settings of the accounting. Those that change pay are versioned by journal sequence: a change
 * applies to blocks won after it.
 *
 * @param scheme how blocks are divided
 * @param window size of the window, positive: units (expected blocks), or multiples of the network
 *     work for schemes with a work window
 * @param unfilled what happens while the pool's history is shorter than the window
 * @param fee pool fee
 * @param foldInterval how often the journal is carried into the database
 * @param keepShares how long raw shares are kept at least; those inside a window are kept longer
 */
public record AccountingSettings(
    SchemeKind scheme,
    Rational window,
    UnfilledPolicy unfilled,
    FeePpm fee,
    Duration foldInterval,
    JournalSettings journal,
    BucketSettings buckets,
    PpsSettings pps,
    Duration keepShares) {

  /** PPLNS over a window of 8 units, scaled while unfilled, no fee. */
  public static final AccountingSettings DEFAULT =
      new AccountingSettings(
          SchemeKind.PPLNS_UNITS,
          Rational.of(8),
          UnfilledPolicy.SCALE,
          FeePpm.NONE,
          Duration.ofSeconds(1),
          JournalSettings.DEFAULT,
          BucketSettings.DEFAULT,
          PpsSettings.DEFAULT,
          Duration.ofDays(30));

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when the window or the interval is not positive
   */
  public AccountingSettings {
    if (window.signum() <= 0) {
      throw new IllegalArgumentException("window " + window + " (expected: > 0)");
    }
    if (foldInterval.isNegative() || foldInterval.isZero()) {
      throw new IllegalArgumentException("foldInterval " + foldInterval + " (expected: > 0)");
    }
    if (keepShares.isNegative()) {
      throw new IllegalArgumentException("keepShares " + keepShares + " (expected: >= 0)");
    }
  }

  /** Settings without a scheme that pays by the share. */
  public AccountingSettings(
      SchemeKind scheme,
      Rational window,
      UnfilledPolicy unfilled,
      FeePpm fee,
      Duration foldInterval,
      JournalSettings journal,
      BucketSettings buckets) {
    this(
        scheme,
        window,
        unfilled,
        fee,
        foldInterval,
        journal,
        buckets,
        PpsSettings.DEFAULT,
        DEFAULT.keepShares);
  }

  public AccountingSettings withScheme(SchemeKind newScheme) {
    return new AccountingSettings(
        newScheme, window, unfilled, fee, foldInterval, journal, buckets, pps, keepShares);
  }

  public AccountingSettings withWindow(Rational size, UnfilledPolicy policy) {
    return new AccountingSettings(
        scheme, size, policy, fee, foldInterval, journal, buckets, pps, keepShares);
  }

  public AccountingSettings withFee(FeePpm newFee) {
    return new AccountingSettings(
        scheme, window, unfilled, newFee, foldInterval, journal, buckets, pps, keepShares);
  }

  public AccountingSettings withJournal(JournalSettings newJournal) {
    return new AccountingSettings(
        scheme, window, unfilled, fee, foldInterval, newJournal, buckets, pps, keepShares);
  }

  public AccountingSettings withBuckets(BucketSettings newBuckets) {
    return new AccountingSettings(
        scheme, window, unfilled, fee, foldInterval, journal, newBuckets, pps, keepShares);
  }

  public AccountingSettings withPps(PpsSettings newPps) {
    return new AccountingSettings(
        scheme, window, unfilled, fee, foldInterval, journal, buckets, newPps, keepShares);
  }

  public AccountingSettings withKeepShares(Duration time) {
    return new AccountingSettings(
        scheme, window, unfilled, fee, foldInterval, journal, buckets, pps, time);
  }
}
