package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.hasher.Difficulty;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.stratum.AddressSet;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Work;
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
          AddressSet.parse(""));

  private static final class OneScript implements CoinbasePolicy {
    @Override
    public String jobKey(String account) {
      return "";
    }

    @Override
    public List<CoinbaseOutput> payouts(BlockTemplate template, String account) {
      return List.of(new CoinbaseOutput(new byte[] {0x51}, template.coinbaseValueSat()));
    }
  }

  private static Work mainChainWork() {
    JobFactory factory =
        new JobFactory(
            new OneScript(),
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
}
