package org.adit.pool.mining;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.adit.pool.TestClock;
import org.junit.jupiter.api.Test;

/** Who is kept out, for how long (Stratum V1 specification 12). */
class BanListTest {
  private final TestClock clock = new TestClock();
  private final BanList bans = new BanList(clock);

  private static InetAddress address(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
  }

  @Test
  void aSecondOffenceKeepsOutForLongerAndADayForgives() throws Exception {
    assertThat(bans.ban(address(1), "a")).isEqualTo(60_000);
    clock.advance(Duration.ofSeconds(61));
    assertThat(bans.remainingMillis(address(1), "a")).isZero();
    assertThat(bans.ban(address(1), "a")).isEqualTo(300_000);
    assertThat(bans.ban(address(1), "a")).isEqualTo(1_800_000);
    assertThat(bans.ban(address(1), "a")).isEqualTo(1_800_000);
    clock.advance(Duration.ofHours(25));
    assertThat(bans.ban(address(1), "a")).isEqualTo(60_000);
  }

  @Test
  void anAddressGoesWithItsThirdAccountAndNoOther() throws Exception {
    bans.ban(address(1), "a");
    bans.ban(address(1), "a");
    bans.ban(address(1), "b");
    bans.ban(address(2), "c");
    assertThat(bans.isBanned(address(1))).isFalse();
    assertThat(bans.ban(address(1), "c")).isEqualTo(60_000);
    assertThat(bans.isBanned(address(1))).isTrue();
    assertThat(bans.isBanned(address(2))).isFalse();
    clock.advance(Duration.ofSeconds(61));
    assertThat(bans.isBanned(address(1))).isFalse();
  }

  @Test
  void bansThatAreOverDoNotCountForTheAddress() throws Exception {
    bans.ban(address(1), "a");
    bans.ban(address(1), "b");
    clock.advance(Duration.ofSeconds(61));
    bans.ban(address(1), "c");
    assertThat(bans.isBanned(address(1))).isFalse();
  }

  @Test
  void theListIsBounded() throws Exception {
    for (int i = 0; i < 70_000; i++) {
      bans.ban(
          InetAddress.getByAddress(new byte[] {11, (byte) (i >> 16), (byte) (i >> 8), (byte) i}),
          "x");
    }
    assertThat(bans.remainingMillis(InetAddress.getByAddress(new byte[] {11, 0, 0, 0}), "x"))
        .as("the first is forgotten")
        .isZero();
  }
}
