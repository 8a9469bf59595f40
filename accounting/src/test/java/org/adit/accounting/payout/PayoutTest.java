package org.adit.accounting.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.adit.accounting.address.ScriptType;
import org.junit.jupiter.api.Test;

class PayoutTest {
  private static final List<ScriptType> TYPES =
      List.of(
          ScriptType.P2PKH, ScriptType.P2SH, ScriptType.P2WPKH, ScriptType.P2WSH, ScriptType.P2TR);

  private static ScriptType type(Random random) {
    return TYPES.get(random.nextInt(TYPES.size()));
  }

  @Test
  void aBatchNeverCreatesDustAndFeeSharesAreTheFee() {
    Random random = new Random(9);
    for (int run = 0; run < 2_000; run++) {
      List<PayoutBatch.Payee> payees = new ArrayList<>();
      for (int i = 0; i < random.nextInt(30); i++) {
        payees.add(new PayoutBatch.Payee("p" + i, type(random), random.nextLong(5_000), 1));
      }
      PayoutBatch batch =
          PayoutBatch.select(
              payees,
              new PayoutBatch.Shape(
                  1 + random.nextInt(20),
                  1 + random.nextInt(30),
                  true,
                  1,
                  ScriptType.P2TR,
                  ScriptType.P2TR));
      long shares = batch.feeShares().values().stream().mapToLong(Long::longValue).sum();
      assertThat(shares).isEqualTo(batch.feeSat());
      assertThat(batch.payees())
          .allMatch(payee -> batch.outputSat(payee) >= payee.type().dustSat());
    }
  }
}
