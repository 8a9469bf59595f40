package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.payout.CoinbasePacker;
import org.adit.accounting.payout.PayoutBatch;

/** Coinbase packing and payout batches. */
final class PayoutKinds {
  private PayoutKinds() {}

  static Map<String, ?> pack(Fields in) {
    List<CoinbasePacker.Weighted> miners = new ArrayList<>();
    for (Fields miner : in.objects("miners")) {
      miners.add(
          new CoinbasePacker.Weighted(
              miner.text("key"),
              ScriptType.ofName(miner.text("type")),
              miner.integer("weight"),
              miner.whole("carry"),
              miner.whole("threshold")));
    }
    CoinbasePacker packer = CoinbasePacker.split(miners, in.whole("distributable_sat"));
    int bytes =
        in.small("byte_budget")
            - in.small("fixed_bytes")
            - ScriptType.ofName(in.text("pool_output_type")).outputBytes();
    CoinbasePacker.Packed packed =
        packer.pack(in.whole("pool_fee_sat"), new CoinbasePacker.Room(bytes, Integer.MAX_VALUE));
    List<Map<String, Object>> outputs = new ArrayList<>();
    for (CoinbasePacker.Output output : packed.outputs()) {
      outputs.add(Map.of("key", output.key(), "sat", output.sat()));
    }
    return Map.of(
        "split",
        packer.parts(),
        "outputs",
        outputs,
        "pool_output",
        packed.poolOutputSat(),
        "leftover_to_pool",
        packed.leftoverSat(),
        "carry_after",
        packer.carryAfter(packed),
        "bytes_left",
        packed.bytesLeft());
  }

  static Map<String, ?> batch(Fields in) {
    long defaultThreshold = in.whole("default_threshold_sat");
    List<PayoutBatch.Payee> payees = new ArrayList<>();
    for (Fields payee : in.objects("payables")) {
      payees.add(
          new PayoutBatch.Payee(
              payee.text("key"),
              ScriptType.ofName(payee.text("type")),
              payee.whole("sat"),
              payee.has("threshold") ? payee.whole("threshold") : defaultThreshold));
    }
    PayoutBatch batch =
        PayoutBatch.select(
            payees,
            new PayoutBatch.Shape(
                in.small("max_outputs"),
                in.whole("feerate_sat_vb"),
                minersPay(in),
                in.small("inputs"),
                ScriptType.ofName(in.text("input_type")),
                ScriptType.ofName(in.text("change_type"))));
    Map<String, Long> outputs = new LinkedHashMap<>();
    batch.payees().forEach(payee -> outputs.put(payee.key(), batch.outputSat(payee)));
    return Map.of(
        "selected",
        batch.payees().stream().map(PayoutBatch.Payee::key).toList(),
        "weight",
        batch.weight(),
        "vsize",
        batch.vsize(),
        "tx_fee_sat",
        batch.feeSat(),
        "fee_shares",
        batch.feeShares(),
        "output_sat",
        outputs,
        "payable_debited_sat",
        batch.debitedSat());
  }

  private static boolean minersPay(Fields in) {
    return switch (in.text("fee_payer")) {
      case "miners" -> true;
      case "pool" -> false;
      default -> throw new VectorException("in.fee_payer is neither \"miners\" nor \"pool\"");
    };
  }
}
