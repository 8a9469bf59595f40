package org.adit.pool.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Addresses of requests: decoded once, part by part. */
final class RoutesTest {
  @Test
  void anEncodedSlashStaysInItsPart() throws Exception {
    Target target = Target.parse("/api/a%2Fb/c+d?x=1%262&y=a+b&x=3&z");
    assertThat(target.segments()).containsExactly("api", "a/b", "c+d");
    assertThat(target.query()).containsEntry("x", "1&2").containsEntry("y", "a b").hasSize(3);
    assertThat(Target.parse("/").segments()).isEmpty();
    assertThat(Target.parse("/a/").segments()).containsExactly("a");
    assertThat(Target.parse("/%252e").segments()).containsExactly("%2e");
  }

  @Test
  void brokenOnesAreRefused() {
    for (String uri : List.of("http://x/", "*", "/%zz", "/%", "/" + "a/".repeat(40))) {
      assertThatThrownBy(() -> Target.parse(uri)).as(uri).isInstanceOf(HttpException.class);
    }
    assertThatThrownBy(() -> Target.parse("/?" + "a=1&".repeat(2) + many()))
        .isInstanceOf(HttpException.class);
  }

  private static String many() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append('p').append(i).append("=1&");
    }
    return text.toString();
  }

  @Test
  void fixedPartsWinWhenTheyCameFirst() throws Exception {
    Routes<String> routes = new Routes<>();
    routes.add("GET", "/client/{address}/chart", "chart");
    routes.add("GET", "/client/{address}/{worker}", "worker");
    assertThat(routes.find("GET", List.of("client", "a", "chart")))
        .map(Routes.Match::target)
        .contains("chart");
    assertThat(routes.find("GET", List.of("client", "a", "b")))
        .map(Routes.Match::variables)
        .contains(Map.of("address", "a", "worker", "b"));
    assertThat(routes.find("GET", List.of("client"))).isEqualTo(Optional.empty());
    assertThatThrownBy(() -> routes.find("POST", List.of("client", "a", "b")))
        .isInstanceOf(HttpException.class)
        .extracting(e -> ((HttpException) e).status())
        .isEqualTo(405);
  }

  @Test
  void anAddressHasItsRateAndOthersTheirs() throws Exception {
    long[] nanos = {0};
    RateLimiter limiter = new RateLimiter(2, () -> nanos[0]);
    InetAddress one = InetAddress.getByName("192.0.2.1");
    for (int i = 0; i < 20; i++) {
      assertThat(limiter.take(one)).isTrue();
    }
    assertThat(limiter.take(one)).isFalse();
    assertThat(limiter.take(InetAddress.getByName("192.0.2.2"))).isTrue();
    nanos[0] += 1_000_000_000L;
    assertThat(limiter.take(one)).isTrue();
    assertThat(limiter.take(one)).isTrue();
    assertThat(limiter.take(one)).isFalse();
  }

  @Test
  void anIpv6NetworkIsOneAddress() throws Exception {
    RateLimiter limiter = new RateLimiter(1, () -> 0);
    for (int i = 0; i < 10; i++) {
      assertThat(limiter.take(InetAddress.getByName("2001:db8::" + i))).isTrue();
    }
    assertThat(limiter.take(InetAddress.getByName("2001:db8::ffff"))).isFalse();
    assertThat(limiter.take(InetAddress.getByName("2001:db8:0:1::1"))).isTrue();
  }
}
