package org.adit.accounting.vectors;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.LargestRemainder;
import org.adit.accounting.scheme.Rational;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;

/** Work, splitting, fees, dust. */
final class BasicKinds {
  private BasicKinds() {}

  static Map<String, ?> workFromNbits(Fields in) {
    Target target = Target.ofCompact(CompactBits.parse(in.text("nbits")));
    Difficulty difficulty = Difficulty.ofTarget(target);
    return Map.of(
        "target",
        target.toHex(),
        "work",
        target.work().toString(),
        "difficulty",
        seventeenDigits(difficulty),
        "difficulty_exact",
        Rational.of(difficulty.numerator(), difficulty.denominator()).toString());
  }

  /** The quotient to 17 significant digits, with at least one decimal. */
  private static String seventeenDigits(Difficulty difficulty) {
    BigDecimal rounded =
        new BigDecimal(difficulty.numerator())
            .divide(
                new BigDecimal(difficulty.denominator()),
                new MathContext(17, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    return rounded.setScale(Math.max(1, rounded.scale())).toPlainString();
  }

  static Map<String, ?> workFromDifficulty(Fields in) {
    Rational difficulty = in.rational("difficulty");
    Target target = Difficulty.ofRatio(difficulty.numerator(), difficulty.denominator()).target();
    return Map.of("target", target.toHex(), "work", target.work().toString());
  }

  static Map<String, ?> split(Fields in) {
    Map<String, BigInteger> weights = new LinkedHashMap<>();
    for (Fields weight : in.objects("weights")) {
      weights.put(weight.text("key"), weight.integer("weight"));
    }
    return Map.of("amounts", LargestRemainder.split(in.whole("total_sat"), weights));
  }

  static Map<String, ?> fee(Fields in) {
    Amounts reward = reward(in);
    Amounts fee = feePpm(in).of(reward);
    Amounts rest = reward.minus(fee);
    return Map.of(
        "fee_subsidy_sat",
        fee.subsidySat(),
        "fee_txfees_sat",
        fee.feesSat(),
        "distributable_subsidy_sat",
        rest.subsidySat(),
        "distributable_txfees_sat",
        rest.feesSat());
  }

  static Map<String, ?> dust(Fields in) {
    long rate = in.whole("dust_relay_feerate_sat_kvb");
    Map<String, Long> out = new LinkedHashMap<>();
    for (ScriptType type : ScriptType.values()) {
      out.put(type.name().toLowerCase(Locale.ROOT), type.dustSat(rate));
    }
    return out;
  }

  static Amounts reward(Fields in) {
    return new Amounts(in.whole("subsidy_sat"), in.whole("txfees_sat"));
  }

  static FeePpm feePpm(Fields in) {
    return new FeePpm(in.small("fee_ppm_subsidy"), in.small("fee_ppm_txfees"));
  }
}
