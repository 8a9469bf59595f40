package org.adit.accounting.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.WindowShare;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.jspecify.annotations.Nullable;

/** PPS for the subsidy, a work window for the transaction fees. */
final class PpsPlusKind {
  private PpsPlusKind() {}

  static Map<String, ?> ppsPlus(Fields in) {
    List<WindowShare> shares = SchemeKinds.shares(in);
    List<Fields> blocks = in.objects("blocks");
    FeePpm fee = BasicKinds.feePpm(in);
    Map<String, Amounts> totals = new TreeMap<>(perShare(shares, subsidy(blocks), fee));
    Map<String, Long> subsidies = new LinkedHashMap<>();
    totals.forEach((account, amounts) -> subsidies.put(account, amounts.subsidySat()));

    List<Map<String, Object>> rows = new ArrayList<>();
    long received = 0;
    for (Fields block : blocks) {
      Settlement settlement = settle(in, block, shares, fee);
      Map<String, Long> fees = new LinkedHashMap<>();
      settlement
          .byAccount()
          .forEach((account, amounts) -> {
            fees.put(account, amounts.feesSat());
            totals.merge(account, amounts, Amounts::plus);
          });
      received += settlement.poolFee().subsidySat();
      rows.add(
          Map.of(
              "block",
              block.text("block"),
              "pool_fee_txfees",
              settlement.poolFee().feesSat(),
              "txfees",
              fees));
    }
    long paid = subsidies.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Object> sums = new LinkedHashMap<>();
    totals.forEach((account, amounts) -> sums.put(account, SchemeKinds.map(amounts)));
    return Map.of(
        "pps_subsidy",
        subsidies,
        "blocks",
        rows,
        "totals",
        sums,
        "operator_subsidy_received",
        received,
        "operator_pps_paid",
        paid,
        "operator_result_before_txfee_cut",
        received - paid);
  }

  private static long subsidy(List<Fields> blocks) {
    List<Long> subsidies = blocks.stream().map(block -> block.whole("subsidy_sat")).toList();
    if (subsidies.stream().distinct().count() != 1) {
      throw new VectorException("blocks of scheme.pps_plus need one and the same subsidy");
    }
    return subsidies.getFirst();
  }

  /** An epoch is a run of shares with the same network work. */
  private static Map<String, Amounts> perShare(
      List<WindowShare> shares, long subsidySat, FeePpm fee) {
    Map<String, Amounts> credited = new TreeMap<>();
    @Nullable PpsAccrual accrual = null;
    BigInteger epochWork = BigInteger.ZERO;
    for (WindowShare share : shares) {
      if (accrual == null || !share.networkWork().equals(epochWork)) {
        epochWork = share.networkWork();
        accrual = new PpsAccrual(epochWork, subsidySat, Rational.ZERO, fee);
      }
      credited.merge(
          share.worker().account(),
          accrual.add(share.worker().account(), share.work()),
          Amounts::plus);
    }
    return credited;
  }

  private static Settlement settle(Fields in, Fields block, List<WindowShare> shares, FeePpm fee) {
    WindowWalk walk =
        new WindowWalk(
            Measure.WORK,
            in.rational("window_multiple").times(Rational.of(block.integer("net_work"))));
    SchemeKinds.fill(walk, shares, block.whole("end_seq"), Long.MIN_VALUE);
    return new RewardScheme.PpsPlus(fee, UnfilledPolicy.SCALE)
        .settle(BasicKinds.reward(block), walk.finish(), SchemeKinds.key("finder"));
  }
}
