package org.adit.pool.mining;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.adit.pool.TestClock;
import org.junit.jupiter.api.Test;

class ExtranonceSpaceTest {
  private final TestClock clock = new TestClock();

  @Test
  void noPrefixIsGivenTwice() {
    ExtranonceSpace space = new ExtranonceSpace(7, 12_345, Duration.ofMinutes(10), clock);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      int prefix = space.acquire().orElseThrow();
      assertThat(prefix >>> 24).isEqualTo(7);
      assertThat(seen.add(prefix)).isTrue();
      if (i % 3 == 0) {
        space.release(prefix);
      }
    }
  }

  @Test
  void aFullSpaceRefusesAndReusesOnlyWhatHasRested() {
    ExtranonceSpace space = new ExtranonceSpace(0, 0, Duration.ofMinutes(10), clock);
    int last = 0;
    int given = 0;
    for (OptionalInt next = space.acquire(); next.isPresent(); next = space.acquire()) {
      last = next.getAsInt();
      given++;
    }
    assertThat(given).isGreaterThan(15_000_000);

    space.release(last);
    assertThat(space.acquire()).isEmpty();
    clock.advance(Duration.ofMinutes(10));
    assertThat(space.acquire()).hasValue(last);
  }
}
