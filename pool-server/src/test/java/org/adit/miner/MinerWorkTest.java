package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.hasher.Difficulty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the search space is divided. */
class MinerWorkTest {
  private final AtomicLong units = new AtomicLong();

  private MinerWork work(int extranonce2Size) throws ProtocolException {
    JsonValue.Obj line =
        JsonValue.parseObject(
            "{\"params\":[\"j\",\"%s\",\"01\",\"02\",[],\"20000000\",\"1d00ffff\",\"5f000000\",true]}"
                .formatted("00".repeat(32)));
    JsonValue.Arr params = (JsonValue.Arr) line.get("params");
    StratumSession session =
        new StratumSession(
            MinerOptions.of(PoolUrl.parse("h:1"), "u", 1), false, l -> true, new Silent());
    return new MinerWork(
        session,
        StratumJob.parse(params),
        1,
        new byte[] {1, 2},
        extranonce2Size,
        0,
        Difficulty.of(1),
        units);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 16})
  void noTwoUnitsShareAHeader(int size) throws ProtocolException {
    units.set(200);
    MinerWork work = work(size);
    Set<String> seen = new HashSet<>();
    int taken = 0;
    for (int i = 0; i < 600; i++) {
      Optional<MinerWork.Unit> unit = work.nextUnit();
      assertThat(unit).isPresent();
      assertThat(unit.get().extranonce2()).hasSize(2 * size);
      seen.add(unit.get().header().toString());
      taken++;
    }
    assertThat(seen).hasSize(taken);
  }

  @Test
  void theTimeRollsOnlyWhenTheExtranonceIsUsedUp() throws ProtocolException {
    MinerWork work = work(1);
    int time = 0x5f000000;
    for (int i = 0; i < 256; i++) {
      assertThat(work.nextUnit().orElseThrow().header().time()).isEqualTo(time);
    }
    assertThat(work.nextUnit().orElseThrow().header().time()).isEqualTo(time + 1);
  }

  @Test
  void theTimeIsNotRolledForEver() throws ProtocolException {
    MinerWork work = work(0);
    for (int i = 0; i <= MinerWork.MAX_TIME_ROLL_SECONDS; i++) {
      assertThat(work.nextUnit()).isPresent();
    }
    assertThat(work.nextUnit()).isEmpty();
  }

  @Test
  void aSecondJobGoesOnWhereTheFirstStopped() throws ProtocolException {
    String first = work(4).nextUnit().orElseThrow().extranonce2();
    String second = work(4).nextUnit().orElseThrow().extranonce2();
    assertThat(second).isNotEqualTo(first);
  }

  /** Hears nothing. */
  private static final class Silent implements StratumSession.Events {
    @Override
    public void authorized() {}

    @Override
    public void work(MinerWork work) {}

    @Override
    public void accepted(Difficulty difficulty) {}

    @Override
    public void rejected(int code, String text) {}

    @Override
    public void unanswered(int shares) {}

    @Override
    public void message(String text) {}
  }
}
