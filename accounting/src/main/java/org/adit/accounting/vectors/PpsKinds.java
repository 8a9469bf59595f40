package org.adit.accounting.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.ExpectedFees;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.Rational;

/** Pay per share, with and without expected fees. */
final class PpsKinds {
  private PpsKinds() {}

  /** Both scheme.pps and scheme.fpps; the former has no expected fees. */
  static Map<String, ?> pps(Fields in) {
    FeePpm fee = BasicKinds.feePpm(in);
    List<Map<String, Object>> epochs = new ArrayList<>();
    Map<String, Amounts> totals = new TreeMap<>();
    for (Fields epoch : in.objects("epochs")) {
      PpsAccrual accrual =
          new PpsAccrual(
              epoch.integer("net_work"),
              epoch.whole("subsidy_sat"),
              epoch.has("expected_txfees_sat")
                  ? epoch.rational("expected_txfees_sat")
                  : Rational.ZERO,
              fee);
      List<Map<String, Object>> credits = new ArrayList<>();
      for (Fields batch : epoch.objects("batches")) {
        Amounts credit = accrual.add(batch.text("worker"), batch.integer("work"));
        Map<String, Object> row = new LinkedHashMap<>(parts(credit));
        row.put("worker", batch.text("worker"));
        credits.add(row);
      }
      Map<String, Object> epochTotals = new LinkedHashMap<>();
      accrual
          .credited()
          .forEach((account, amounts) -> {
            epochTotals.put(account, parts(amounts));
            totals.merge(account, amounts, Amounts::plus);
          });
      epochs.add(
          Map.of(
              "rate_subsidy_sat_per_work",
              accrual.subsidyRate().toString(),
              "rate_txfees_sat_per_work",
              accrual.feesRate().toString(),
              "credits",
              credits,
              "epoch_totals",
              epochTotals));
    }
    Map<String, Object> sums = new LinkedHashMap<>();
    totals.forEach((account, amounts) -> sums.put(account, SchemeKinds.map(amounts)));
    return Map.of("epochs", epochs, "totals", sums);
  }

  private static Map<String, Long> parts(Amounts amounts) {
    return Map.of("subsidy", amounts.subsidySat(), "txfees", amounts.feesSat());
  }

  static Map<String, ?> expectedFees(Fields in) {
    List<Long> fees = in.wholeList("txfees_sat");
    Rational mean = ExpectedFees.mean(fees);
    BigInteger work = in.integer("work");
    return Map.of(
        "mean_fee_sat",
        mean.toString(),
        "mean_fee_floor_sat",
        mean.floor(),
        "trimmed10_mean_fee_sat",
        ExpectedFees.trimmedMean(fees).toString(),
        "credit_sat",
        credit(in, mean, work),
        "credit_subsidy_only_sat",
        credit(in, Rational.ZERO, work));
  }

  /** One credit over subsidy and fees together, as the vector states it. */
  private static BigInteger credit(Fields in, Rational fees, BigInteger work) {
    int ppm = in.small("fee_ppm");
    PpsAccrual accrual =
        new PpsAccrual(in.integer("net_work"), in.whole("subsidy_sat"), fees, new FeePpm(ppm, ppm));
    return accrual.subsidyRate().plus(accrual.feesRate()).times(Rational.of(work)).floor();
  }
}
