package org.adit.accounting.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
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
  void packingLosesNoSatoshiAndCarriesGrowByWhatThePoolHolds() {
    Random random = new Random(8);
    for (int run = 0; run < 2_000; run++) {
      List<CoinbasePacker.Miner> miners = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(30); i++) {
        miners.add(
            new CoinbasePacker.Miner(
                "m" + i,
                type(random),
                new BigInteger(1 + random.nextInt(60), random).add(BigInteger.ONE),
                random.nextInt(3) == 0 ? random.nextLong(200_000) : 0,
                random.nextLong(100_000)));
      }
      long total = random.nextLong(400_000_000);
      long fee = random.nextLong(4_000_000);
      CoinbasePacker.Packed packed =
          CoinbasePacker.pack(
              miners, total, fee, 200 + random.nextInt(900), 160, ScriptType.P2WPKH);
      long outputs = packed.outputs().stream().mapToLong(CoinbasePacker.Output::sat).sum();
      assertThat(outputs + packed.poolOutputSat()).isEqualTo(total + fee);
      long carried = packed.carryAfter().values().stream().mapToLong(Long::longValue).sum();
      long before = miners.stream().mapToLong(CoinbasePacker.Miner::carrySat).sum();
      assertThat(carried - before).isEqualTo(packed.leftoverSat());
      assertThat(packed.carryAfter().values()).allMatch(carry -> carry >= 0);
      assertThat(packed.bytesLeft()).isNotNegative();
      packed
          .outputs()
          .forEach(output -> {
            CoinbasePacker.Miner miner =
                miners.stream()
                    .filter(one -> one.key().equals(output.key()))
                    .findFirst()
                    .orElseThrow();
            assertThat(output.sat())
                .isGreaterThanOrEqualTo(Math.max(miner.thresholdSat(), miner.type().dustSat()));
          });
    }
  }

  @Test
  void aCoinbaseWithoutRoomForThePoolIsRefused() {
    assertThatThrownBy(() -> CoinbasePacker.pack(List.of(), 0, 0, 180, 160, ScriptType.P2WPKH))
        .hasMessageContaining("no room");
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
