package org.adit.accounting.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.payout.CoinbasePacker.Due;
import org.adit.accounting.payout.CoinbasePacker.Output;
import org.adit.accounting.payout.CoinbasePacker.Packed;
import org.adit.accounting.payout.CoinbasePacker.Room;
import org.adit.accounting.payout.CoinbasePacker.Weighted;
import org.junit.jupiter.api.Test;

class CoinbasePackerTest {
  private static final List<ScriptType> TYPES =
      List.of(
          ScriptType.P2PKH, ScriptType.P2SH, ScriptType.P2WPKH, ScriptType.P2WSH, ScriptType.P2TR);

  private static List<Weighted> weighted(Random random, boolean carries) {
    List<Weighted> miners = new ArrayList<>();
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      miners.add(
          new Weighted(
              "m" + i,
              TYPES.get(random.nextInt(TYPES.size())),
              new BigInteger(1 + random.nextInt(60), random).add(BigInteger.ONE),
              carries && random.nextInt(3) == 0 ? random.nextLong(200_000) : 0,
              random.nextLong(100_000)));
    }
    return miners;
  }

  private static long sat(Map<String, Long> amounts, String key) {
    return Objects.requireNonNull(amounts.get(key));
  }

  @Test
  void packingLosesNoSatoshiInAnyRoomAndCarriesGrowByWhatThePoolHolds() {
    Random random = new Random(8);
    for (int run = 0; run < 1_000; run++) {
      List<Weighted> miners = weighted(random, true);
      Map<String, Weighted> byKey =
          miners.stream().collect(Collectors.toMap(Weighted::key, Function.identity()));
      long total = random.nextLong(400_000_000);
      long fee = random.nextLong(4_000_000);
      CoinbasePacker packer = CoinbasePacker.split(miners, total);
      for (int bytes : List.of(0, 30, 31, 97, 341, 592, 2_092)) {
        Room room = new Room(bytes, random.nextInt(60));
        Packed packed = packer.pack(fee, room);
        Map<String, Long> carryAfter = packer.carryAfter(packed);
        long outputs = packed.outputs().stream().mapToLong(Output::sat).sum();
        assertThat(outputs + packed.poolOutputSat()).isEqualTo(total + fee);
        long carried = carryAfter.values().stream().mapToLong(c -> c).sum();
        long before = miners.stream().mapToLong(Weighted::carrySat).sum();
        assertThat(carried - before).isEqualTo(packed.leftoverSat());
        assertThat(carryAfter.values()).allMatch(carry -> carry >= 0);
        int used = 0;
        int sigops = 0;
        for (Output output : packed.outputs()) {
          Weighted miner = Objects.requireNonNull(byKey.get(output.key()));
          used += miner.type().outputBytes();
          sigops += miner.type().sigopCost();
          assertThat(output.sat())
              .isGreaterThanOrEqualTo(Math.max(miner.thresholdSat(), miner.type().dustSat()));
          assertThat(output.sat() + sat(carryAfter, output.key()))
              .isEqualTo(sat(packer.parts(), output.key()) + miner.carrySat());
        }
        assertThat(used).isLessThanOrEqualTo(bytes - packed.bytesLeft());
        assertThat(packed.bytesLeft()).isNotNegative();
        assertThat(sigops).isLessThanOrEqualTo(room.sigops());
      }
    }
  }

  /** The rule written down again in the plainest way, for miners that are owed nothing yet. */
  @Test
  void withoutCarriesTheLargestAreTakenInTurnWhileTheyFit() {
    Random random = new Random(9);
    for (int run = 0; run < 500; run++) {
      List<Weighted> miners = weighted(random, false);
      CoinbasePacker packer = CoinbasePacker.split(miners, random.nextLong(4_000_000));
      List<Weighted> order = new ArrayList<>(miners);
      order.sort((a, b) -> {
        int bySat = Long.compare(sat(packer.parts(), b.key()), sat(packer.parts(), a.key()));
        return bySat != 0 ? bySat : a.key().compareTo(b.key());
      });
      int bytes = random.nextInt(800);
      int left = bytes;
      List<Output> expected = new ArrayList<>();
      for (Weighted miner : order) {
        long part = sat(packer.parts(), miner.key());
        if (part >= miner.thresholdSat()
            && part >= miner.type().dustSat()
            && miner.type().outputBytes() <= left) {
          left -= miner.type().outputBytes();
          expected.add(new Output(miner.key(), part));
        }
      }
      Packed packed = packer.pack(0, new Room(bytes, 80_000));
      assertThat(packed.outputs()).isEqualTo(expected);
      assertThat(packed.bytesLeft()).isEqualTo(left);
    }
  }

  @Test
  void signatureChecksBoundTheOldestKindOfOutput() {
    List<Due> miners = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      miners.add(new Due("old" + i, ScriptType.P2PKH, 10_000, 0, 0));
      miners.add(new Due("new" + i, ScriptType.P2WPKH, 5_000, 0, 0));
    }
    Packed packed = new CoinbasePacker(miners).pack(1, new Room(10_000, 15));
    assertThat(packed.outputs()).filteredOn(o -> o.key().startsWith("old")).hasSize(3);
    assertThat(packed.outputs()).filteredOn(o -> o.key().startsWith("new")).hasSize(10);
    assertThat(packed.leftoverSat()).isEqualTo(70_000);
    assertThat(packed.poolOutputSat()).isEqualTo(70_001);
  }

  @Test
  void aMinerListedTwiceIsRefused() {
    Due miner = new Due("a", ScriptType.P2TR, 1, 0, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CoinbasePacker(List.of(miner, miner)))
        .withMessageContaining("twice");
  }
}
