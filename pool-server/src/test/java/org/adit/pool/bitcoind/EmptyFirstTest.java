package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a block without transactions may be made by the pool itself, and when it may not. */
class EmptyFirstTest {
  private static final int BITS = 0x1702_1a8e;
  private static final Instant THEN = Instant.ofEpochSecond(1_776_800_000L);
  private static final Hash256 TIP = Hash256.ofDisplayHex("00".repeat(31) + "07");

  private static BlockTemplate last(Network network, int height, long subsidySat, long curTime) {
    return new BlockTemplate(
        network,
        height,
        0x2000_0004,
        4,
        Hash256.ZERO,
        List.of(),
        subsidySat + 5_000,
        5_000,
        Map.of("flags", new byte[] {1, 2}),
        THEN.getEpochSecond() - 3_000,
        curTime,
        BITS,
        Target.ofCompact(BITS),
        Optional.of(new byte[38]),
        List.of("csv", "!segwit", "taproot"),
        "long poll",
        Optional.empty(),
        THEN);
  }

  private static BlockTemplate last(Network network, int height) {
    return last(network, height, Subsidy.sat(network, height), THEN.getEpochSecond());
  }

  private static TipHeader tip(int height, int bits) {
    long time = THEN.getEpochSecond() - 10;
    return new TipHeader(TIP, height, time, time - 3_600, bits, BigInteger.TEN, true);
  }

  private static Optional<BlockTemplate> after(Network network, int height) {
    return EmptyFirst.on(last(network, height), tip(height, BITS), THEN.plusSeconds(9));
  }

  @Test
  void everythingButTheTransactionsIsThatOfTheNextBlock() {
    BlockTemplate empty = after(Network.MAIN, 945_001).orElseThrow();
    assertThat(empty.height()).isEqualTo(945_002);
    assertThat(empty.previousBlock()).isEqualTo(TIP);
    assertThat(empty.transactions()).isEmpty();
    assertThat(empty.feesSat()).isZero();
    assertThat(empty.coinbaseValueSat()).isEqualTo(312_500_000);
    assertThat(empty.version()).isEqualTo(0x2000_0004);
    assertThat(empty.vbRequired()).isEqualTo(4);
    assertThat(empty.coinbaseAux()).containsKey("flags");
    assertThat(empty.bits()).isEqualTo(BITS);
    assertThat(empty.minTime()).isEqualTo(THEN.getEpochSecond() - 10 - 3_600 + 1);
    assertThat(empty.curTime()).isEqualTo(THEN.getEpochSecond() + 9);
    assertThat(empty.emptyFirst()).isTrue();
    // The commitment every block of a coinbase alone has, as nodes give it.
    assertThat(empty.defaultWitnessCommitment().orElseThrow())
        .isEqualTo(
            HexFormat.of()
                .parseHex(
                    "6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9"));
  }

  @Test
  void theHalvingIsKept() {
    assertThat(after(Network.MAIN, 1_049_999).orElseThrow().coinbaseValueSat())
        .isEqualTo(156_250_000);
    assertThat(after(Network.REGTEST, 150).orElseThrow().coinbaseValueSat())
        .isEqualTo(2_500_000_000L);
    assertThat(Subsidy.sat(Network.MAIN, 0)).isEqualTo(5_000_000_000L);
    assertThat(Subsidy.sat(Network.MAIN, 209_999)).isEqualTo(5_000_000_000L);
    assertThat(Subsidy.sat(Network.MAIN, 210_000)).isEqualTo(2_500_000_000L);
    assertThat(Subsidy.sat(Network.MAIN, 64 * 210_000)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // The next block's target, or the rules it is made by, may be others.
    "MAIN, 2015, 2015, false",
    "MAIN, 2016, 2015, false",
    "MAIN, 2014, 2010, true",
    "SIGNET, 4031, 4031, false",
    "SIGNET, 4032, 4032, true",
    "REGTEST, 143, 143, false",
    "REGTEST, 150, 143, false",
    "REGTEST, 151, 150, true",
  })
  void notWhereAPeriodEnds(Network network, int tipHeight, int lastHeight, boolean may) {
    assertThat(EmptyFirst.on(last(network, lastHeight), tip(tipHeight, BITS), THEN).isPresent())
        .isEqualTo(may);
  }

  @Test
  void notWithASubsidyOfAnotherRuleNorOnABlockBesideTheChain() {
    BlockTemplate odd = last(Network.SIGNET, 300, 123, THEN.getEpochSecond());
    assertThat(EmptyFirst.on(odd, tip(300, BITS), THEN)).isEmpty();
    TipHeader beside =
        new TipHeader(TIP, 300, THEN.getEpochSecond(), 1, BITS, BigInteger.TEN, false);
    assertThat(EmptyFirst.on(last(Network.SIGNET, 300), beside, THEN)).isEmpty();
  }

  @Test
  void onTestnet4OnlyBetweenOrdinaryBlocks() {
    BlockTemplate empty = after(Network.TESTNET4, 300).orElseThrow();
    assertThat(empty.maxTime()).isEqualTo(THEN.getEpochSecond() - 10 + 1_200);
    assertThat(EmptyFirst.on(last(Network.TESTNET4, 300), tip(300, MinDifficultyRule.LEAST), THEN))
        .as("the ordinary target is not known")
        .isEmpty();
    assertThat(EmptyFirst.on(last(Network.TESTNET4, 300), tip(300, BITS), THEN.plusSeconds(1_191)))
        .as("20 minutes have passed")
        .isEmpty();
  }

  @Test
  void aTemplatesTargetHoldsOnOneSideOfTheTwentyMinutes() {
    TipHeader parent = tip(299, BITS);
    long edge = parent.time() + 1_200;
    BlockTemplate ordinary = last(Network.TESTNET4, 300);
    BlockTemplate before = MinDifficultyRule.bound(ordinary, parent);
    assertThat(before.maxTime()).isEqualTo(edge);
    assertThat(before.minTime()).isEqualTo(ordinary.minTime());
    assertThat(before.timeAt(THEN.plusSeconds(100_000))).as("jobs stay before it").isEqualTo(edge);

    BlockTemplate late = last(Network.TESTNET4, 300, 5_000_000_000L, edge + 1);
    BlockTemplate after = MinDifficultyRule.bound(late, parent);
    assertThat(after.minTime()).isEqualTo(edge + 1);
    assertThat(after.maxTime()).isEqualTo(BlockTemplate.NO_MAX_TIME);

    BlockTemplate boundary = last(Network.TESTNET4, 2_016);
    assertThat(MinDifficultyRule.bound(boundary, tip(2_015, BITS))).isSameAs(boundary);
  }
}
