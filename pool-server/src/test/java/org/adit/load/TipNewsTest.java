package org.adit.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TipNewsTest {
  private static final long SECOND = TipNews.NEAR_NANOS;
  // Clocks of this kind may be negative and pass through zero.
  private static final long START = -3 * SECOND;

  private final TipNews news = new TipNews();

  @Test
  void aRefusalMayComeBeforeTheNews() {
    news.heard(START);
    news.refused(START + 6 * SECOND, START + 6 * SECOND + 1, "stale-prevblk");
    assertThat(news.isUndecided(START + 6 * SECOND + 2)).isTrue();
    news.heard(START + 6 * SECOND + 3);
    assertThat(news.unexplained()).isEmpty();
  }

  @Test
  void aRefusalWithoutABlockStandsApart() {
    news.refused(START, START, "stale-work");
    news.heard(START + SECOND + 1);
    news.refused(START + 2 * SECOND + 2, START + 2 * SECOND + 2, "stale-prevblk");
    news.refused(START + 2 * SECOND + 3, START + 2 * SECOND + 3, "stale-prevblk");
    assertThat(news.isUndecided(START + 4 * SECOND)).isFalse();
    assertThat(news.unexplained()).isEqualTo(Map.of("stale-work", 1L, "stale-prevblk", 2L));
  }

  @Test
  void theSecondCountsFromTheLastConnectionThatHeard() {
    news.heard(START);
    news.heard(START + SECOND / 2);
    news.heard(START + SECOND);
    news.refused(START + 2 * SECOND, START + 9 * SECOND, "stale-prevblk");
    assertThat(news.unexplained()).isEmpty();
    news.refused(START + 2 * SECOND + 1, START + 9 * SECOND, "stale-prevblk");
    assertThat(news.unexplained()).isEqualTo(Map.of("stale-prevblk", 1L));
  }

  @Test
  void theReportMovesWhatIsUnexplained() {
    Tally tally = new Tally();
    tally.open(0);
    for (int i = 0; i < 5; i++) {
      tally.rejected(1, 2, "stale-prevblk");
    }
    tally.rejected(1, 2, "stale-work");
    assertThat(tally.rejections(Map.of("stale-prevblk", 2L, "stale-work", 1L)))
        .isEqualTo(
            Map.of(
                "stale-prevblk",
                3L,
                "stale-prevblk, over a second from any block",
                2L,
                "stale-work, over a second from any block",
                1L));
  }
}
