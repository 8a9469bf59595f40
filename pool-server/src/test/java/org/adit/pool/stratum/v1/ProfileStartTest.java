package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.hasher.Difficulty;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.stratum.AddressSet;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where each known client begins and how low it may go (Stratum V1 specification 10). */
class ProfileStartTest {
  private static final long NOW = 1_776_800_000_000L;

  /** The general port of the specification: start 1 024, as low as 2^-20. */
  private static final ListenerSettings GENERAL =
      new ListenerSettings(
          "127.0.0.1",
          0,
          Difficulty.of(1_024),
          Difficulty.powerOfTwo(-20),
          Difficulty.of(1L << 40),
          true,
          0.2,
          false,
          true,
          Optional.empty(),
          Optional.empty(),
          AddressSet.parse(""));

  private static Work mainChainWork() {
    JobFactory factory =
        new JobFactory(
            CoinbasePolicy.toOne(new byte[] {0x51}),
            "",
            0x1fffe000,
            new AtomicLong()::getAndIncrement,
            new AtomicInteger()::getAndIncrement,
            Clock.systemUTC(),
            job -> {});
    return new JobBook(factory, Clock.systemUTC())
        .accept(Templates.empty(900_000, Templates.hash(1), 0x17023a04));
  }

  @ParameterizedTest
  @CsvSource({
    "cpuminer/2.5.1, 0.015625, 2^-20",
    "cpuminer-opt-26.1-x64L, 0.015625, 2^-20",
    "NerdMinerV2, 0.0001220703125, 2^-20",
    "HAN_SOLOminer/1, 0.0001220703125, 2^-20",
    "bitaxe/BM1370/v2.9.0, 1024, 1",
    "NerdQAxe++, 1024, 1",
    "NerdOCTAXE, 1024, 1",
    "Antminer S21/Thu Mar 7, 65536, 1",
    "Antminer S19j Pro/x, 65536, 1",
    "bmminer/2.0.0, 65536, 1",
    "whatsminer/v1.1, 65536, 1",
    "bosminer-plus-tuner, 65536, 1",
    "bOS/am1-s9, 65536, 1",
    "NiceHash/1.0.0, 1048576, 524288",
    "cgminer/4.12.1, 1024, 1",
    "'', 1024, 1",
  })
  void eachClientBeginsWhereItsKindDoes(String agent, String start, String floor) {
    DifficultyWishes wishes = new DifficultyWishes(GENERAL);
    wishes.profile(ClientProfile.of(agent, List.of()));
    Work work = mainChainWork();
    Difficulty lowest =
        floor.startsWith("2^")
            ? Difficulty.powerOfTwo(Integer.parseInt(floor.substring(2)))
            : Difficulty.parse(floor);
    assertThat(wishes.start(work, NOW).difficulty()).isEqualTo(Difficulty.parse(start));
    assertThat(wishes.floor(work, NOW)).isEqualTo(lowest);
  }

  @Test
  void fractionsComeAfterTwoEmptyWindowsAtOne() {
    DifficultyWishes wishes = new DifficultyWishes(GENERAL);
    wishes.profile(ClientProfile.of("unheard of", List.of()));
    wishes.allowFractions();
    assertThat(wishes.floor(mainChainWork(), NOW)).isEqualTo(Difficulty.powerOfTwo(-20));
  }

  @ParameterizedTest
  @CsvSource({
    "NerdMinerV2, 255",
    "HAN_SOLOminer/1, 255",
    "NiceHash/1.0.0, 500",
    "Antminer S19j Pro/x, 750",
    "Antminer S21 Pro/x, 750",
    "bmminer/2.0.0, 750",
    "cgminer/4.12.1, 750",
    "'', 750",
    "Antminer S21/Thu Mar 7, 2250",
    "bosminer-plus-tuner, 2250",
    "bOS/am1-s9, 2250",
    "Braiins OS/1, 2250",
    "whatsminer/v1.1, 6500",
    "bitaxe/BM1370/v2.9.0, 6500",
    "NerdQAxe++, 6500",
    "xminer-1.2.4, 16000",
    "PowerPlay-BM/1.0, 16000",
    "cpuminer/2.5.1, 16000",
  })
  void eachClientIsSentTheCoinbaseItsKindTakes(String agent, int bytes) {
    assertThat(coinbase(Optional.empty(), List.of(), agent)).isEqualTo(bytes);
  }

  @Test
  void aPortSetsWhatStrangersTakeAndTheMostOfAll() {
    Optional<CoinbaseClass> large = Optional.of(CoinbaseClass.BYTES_16000);
    assertThat(coinbase(large, List.of(), "cgminer/4.12.1")).isEqualTo(16_000);
    assertThat(coinbase(large, List.of(), null)).isEqualTo(16_000);
    assertThat(coinbase(large, List.of(), "NerdMinerV2")).isEqualTo(255);
    Optional<CoinbaseClass> small = Optional.of(CoinbaseClass.BYTES_500);
    assertThat(coinbase(small, List.of(), "bitaxe/BM1370")).isEqualTo(500);
    assertThat(coinbase(small, List.of(), "NerdMinerV2")).isEqualTo(255);
  }

  @Test
  void theOperatorsProfileComesBeforeTheBuiltInOne() {
    ClientProfile cut =
        new ClientProfile(
            "bitaxe/",
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.of(CoinbaseClass.BYTES_750));
    assertThat(coinbase(Optional.empty(), List.of(cut), "bitaxe/BM1370")).isEqualTo(750);

    ClientProfile silent =
        new ClientProfile(
            "nerdminer", Optional.of(Difficulty.of(1)), Optional.empty(), true, Optional.empty());
    assertThat(coinbase(Optional.empty(), List.of(silent), "NerdMinerV2")).isEqualTo(255);
  }

  private static int coinbase(
      Optional<CoinbaseClass> port, List<ClientProfile> configured, @Nullable String agent) {
    ListenerSettings listener =
        new ListenerSettings(
            "127.0.0.1",
            0,
            Difficulty.of(1_024),
            Difficulty.of(1),
            Difficulty.of(1L << 40),
            true,
            0.2,
            false,
            true,
            port,
            Optional.empty(),
            AddressSet.NONE);
    DifficultyWishes wishes = new DifficultyWishes(listener);
    if (agent != null) {
      wishes.profile(ClientProfile.of(agent, configured));
    }
    return wishes.coinbase().maxBytes();
  }
}
