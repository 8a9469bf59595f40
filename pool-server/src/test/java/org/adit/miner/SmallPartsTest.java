package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs, waits and the limits of JSON. */
class SmallPartsTest {
  @ParameterizedTest
  @CsvSource({
    "stratum+tcp://pool.example:3333, pool.example, 3333, false",
    "stratum+tcp://pool.example:3333/, pool.example, 3333, false",
    "pool.example:3333, pool.example, 3333, false",
    "stratum+tcp://[::1]:1, ::1, 1, false",
    "stratum+tcp://10.0.0.1:65535#xnsub, 10.0.0.1, 65535, true"
  })
  void poolUrls(String text, String host, int port, boolean xnsub) {
    assertThat(PoolUrl.parse(text)).isEqualTo(new PoolUrl(host, port, xnsub));
    assertThat(PoolUrl.parse(PoolUrl.parse(text).toString())).isEqualTo(PoolUrl.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pool",
        "stratum+tcp://pool",
        "stratum+ssl://pool:1",
        "http://pool:1",
        "stratum+tcp://u:p@pool:1",
        "stratum+tcp://pool:0",
        "stratum+tcp://pool:65536",
        "stratum+tcp://pool:1/x",
        "stratum+tcp://a b:1"
      })
  void notPoolUrls(String text) {
    assertThatThrownBy(() -> PoolUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void waitsDoubleUpToTheirLimitAndSpread() {
    double[] random = {0};
    BackOff backOff = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30), () -> random[0]);
    assertThat(backOff.next()).isEqualTo(Duration.ofMillis(250));
    assertThat(backOff.next()).isEqualTo(Duration.ofMillis(500));
    random[0] = 0.5;
    assertThat(backOff.next()).isEqualTo(Duration.ofMillis(1_500));
    for (int i = 0; i < 100; i++) {
      assertThat(backOff.next()).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }
    assertThat(backOff.next()).isEqualTo(Duration.ofMillis(22_500));
    backOff.reset();
    assertThat(backOff.next()).isEqualTo(Duration.ofMillis(375));
  }

  @Test
  void jsonIsBounded() {
    for (String line :
        new String[] {
          "[".repeat(50),
          "{\"a\":" + "[".repeat(9) + "]".repeat(9) + "}",
          "{\"a\":[" + "1,".repeat(256) + "1]}",
          "{\"a\":\"" + "x".repeat(JsonValue.MAX_STRING + 1) + "\"}",
          "{\"a\":1" + "0".repeat(100) + "}",
          "{\"a\":1} {}",
          "{\"a\":1",
          "1",
          "null",
          "{'a':1}",
          "{\"a\":NaN}"
        }) {
      assertThatThrownBy(() -> JsonValue.parseObject(line)).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void ofEqualNamesTheFirstCounts() throws ProtocolException {
    assertThat(JsonValue.parseObject("{\"a\":1,\"a\":2}").get("a"))
        .isEqualTo(new JsonValue.Num("1"));
  }
}
