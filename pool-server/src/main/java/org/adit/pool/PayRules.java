package org.adit.pool;

import org.adit.accounting.AccountingSettings;
import org.adit.accounting.PpsSettings;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.config.PayoutConfig;
import org.adit.config.PoolConfig;

/** The pay settings of the configuration in the words of the accounting. */
public final class PayRules {
  /** Window of TIDES, in blocks; part of its definition. */
  private static final Rational TIDES_WINDOW = Rational.of(8);

  private PayRules() {}

  /** The scheme blocks found from now on are divided by. */
  public static SchemeKind scheme(PayoutConfig.Scheme scheme) {
    return switch (scheme) {
      case SOLO -> SchemeKind.SOLO;
      case PROP -> SchemeKind.PROP;
      case PPLNS -> SchemeKind.PPLNS_UNITS;
      case PPLNS_WORK -> SchemeKind.PPLNS_WORK;
      case TIDES -> SchemeKind.TIDES;
      case PPS -> SchemeKind.PPS;
      case PPS_PLUS -> SchemeKind.PPS_PLUS;
      case FPPS -> SchemeKind.FPPS;
    };
  }

  /** The pool's part. */
  public static FeePpm fee(PayoutConfig payout) {
    return new FeePpm(payout.feePpmSubsidy(), payout.feePpmTxFees());
  }

  /** Settings of the accounting. */
  public static AccountingSettings accounting(PoolConfig config) {
    PayoutConfig payout = config.payout();
    AccountingSettings settings =
        AccountingSettings.DEFAULT
            .withScheme(scheme(payout.scheme()))
            .withFee(fee(payout))
            .withKeepShares(config.journal().keep())
            .withJournal(
                AccountingSettings.DEFAULT.journal().withEvidence(config.journal().evidence()))
            .withPps(new PpsSettings(config.pps().stopBelowSat().orElse(1L), config.pps().every()));
    UnfilledPolicy unfilled =
        switch (payout.unfilled()) {
          case SCALE -> UnfilledPolicy.SCALE;
          case RESERVE -> UnfilledPolicy.RESERVE;
        };
    Rational window =
        payout.scheme() == PayoutConfig.Scheme.TIDES
            ? TIDES_WINDOW
            : payout
                .windowUnits()
                .map(units -> Rational.of(units.numerator(), units.denominator()))
                .orElse(settings.window());
    return settings.withWindow(window, unfilled);
  }
}
