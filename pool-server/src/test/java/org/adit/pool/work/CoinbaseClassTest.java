package org.adit.pool.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CoinbaseClassTest {
  @Test
  void aNumberOfBytesCountsAsTheNextSmallerClass() {
    for (CoinbaseClass each : CoinbaseClass.values()) {
      assertThat(CoinbaseClass.within(each.maxBytes())).isEqualTo(each);
      assertThat(CoinbaseClass.within(each.maxBytes() + 1)).isEqualTo(each);
    }
    assertThat(CoinbaseClass.within(749)).isEqualTo(CoinbaseClass.BYTES_500);
    assertThatIllegalArgumentException().isThrownBy(() -> CoinbaseClass.within(254));
  }

  @Test
  void classesStandInOrderOfSize() {
    CoinbaseClass[] all = CoinbaseClass.values();
    for (int i = 1; i < all.length; i++) {
      assertThat(all[i].maxBytes()).isGreaterThan(all[i - 1].maxBytes());
      assertThat(all[i].orSmaller(all[i - 1])).isEqualTo(all[i - 1]);
      assertThat(all[i - 1].orSmaller(all[i])).isEqualTo(all[i - 1]);
    }
  }
}
