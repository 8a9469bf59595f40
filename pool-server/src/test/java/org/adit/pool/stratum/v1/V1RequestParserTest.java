package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V1RequestParserTest {
  private final V1RequestParser parser = new V1RequestParser(8, 64, 1_024);

  private V1Request parse(String line) throws V1FormatException {
    return parser.parse(line.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatMinersSend() throws V1FormatException {
    V1Request request =
        parse(
            "{\"id\": 4, \"method\": \"mining.submit\", \"params\": [\"a.b\",\"1f\",7,0.5,true,null,[],{\"k\":1}],\"jsonrpc\":\"2.0\"}");

    assertThat(request.id()).isEqualTo(4L);
    assertThat(request.method()).isEqualTo("mining.submit");
    assertThat(request.params())
        .containsExactly(
            "a.b", "1f", 7L, new BigDecimal("0.5"), true, null, List.of(), Map.of("k", 1L));
  }

  @Test
  void idsMayBeStringsNullOrMissing() throws V1FormatException {
    assertThat(parse("{\"id\":\"auth\",\"method\":\"m\"}").id()).isEqualTo("auth");
    assertThat(parse("{\"id\":null,\"method\":\"m\"}").id()).isNull();
    assertThat(parse("{\"method\":\"m\"}").id()).isNull();
    assertThat(parse("{\"method\":\"m\"}").params()).isEmpty();
    assertThat(parse("{\"id\":1,\"id\":2,\"method\":\"m\"}").id()).isEqualTo(1L);
  }

  @Test
  void aBareParameterIsTakenAsAListOfOne() throws V1FormatException {
    assertThat(
            parse("{\"id\":1,\"method\":\"mining.suggest_difficulty\",\"params\":1000}").params())
        .containsExactly(1000L);
  }

  @Test
  void answersHaveNoMethod() throws V1FormatException {
    assertThat(parse("{\"id\":1,\"result\":\"v\",\"error\":null}").method()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|false",
        "x|false",
        "{\"id\":1}|false",
        "{\"id\":1,\"method\":7}|false",
        "{\"id\":1,\"method\":\"m\",\"params\":{}}|false",
        "{\"id\":1,\"method\":\"m\"} {}|false",
        "{\"id\":1,\"method\":\"m\"|false",
        "{\"id\":[1],\"method\":\"m\"}|true",
        "{\"id\":{},\"method\":\"m\"}|true",
        "{\"id\":true,\"method\":\"m\"}|true",
        "{\"id\":18446744073709551616,\"method\":\"m\"}|true",
        "{\"id\":1,\"method\":\"m\",\"params\":[[[[[[[[[1]]]]]]]]]}|true",
        "{\"id\":1,\"method\":\"m\",\"params\":[1234567890123456789012345678901234567890]}|true",
      })
  void badLinesAreRefusedAndOnlyHostileOnesAreFatal(String line, boolean fatal) {
    V1FormatException refusal = catchThrowableOfType(V1FormatException.class, () -> parse(line));

    assertThat(refusal).isNotNull().hasMessageStartingWith("malformed");
    assertThat(refusal.fatal()).isEqualTo(fatal);
  }

  @Test
  void longListsAndStringsAreRefused() {
    String list = "1,".repeat(64) + "1";
    assertThatThrownBy(() -> parse("{\"id\":1,\"method\":\"m\",\"params\":[" + list + "]}"))
        .isInstanceOf(V1FormatException.class);
    assertThatThrownBy(
            () -> parse("{\"id\":1,\"method\":\"m\",\"params\":[\"" + "x".repeat(1_025) + "\"]}"))
        .isInstanceOf(V1FormatException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999", "-1e999999", "1e-999999"})
  void hugeExponentsCostNothing(String number) throws V1FormatException {
    V1Request request = parse("{\"id\":1,\"method\":\"m\",\"params\":[" + number + "]}");

    assertThat(DifficultyText.read(request.param(0))).isEmpty();
  }

  @Test
  void garbageThrowsNothingElse() {
    Random random = new Random(7);
    String seed =
        "{\"id\":1,\"method\":\"mining.submit\",\"params\":[\"a\",\"1\",\"00\",{\"x\":[1.5e3]}]}";
    for (int i = 0; i < 20_000; i++) {
      byte[] line = seed.getBytes(StandardCharsets.UTF_8);
      for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
        line[random.nextInt(line.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(parser.parse(line)).isNotNull();
      } catch (V1FormatException expected) {
        assertThat(expected).hasMessageStartingWith("malformed");
      }
    }
  }

  @Test
  void anExponentNoDecimalHoldsIsABadNumber() {
    V1RequestParser parser = new V1RequestParser(8, 64, 1_024);
    for (String number : new String[] {"1844e7440737095516", "-1e-99999999999", "1e2147483648"}) {
      byte[] line =
          ("{\"id\":3,\"method\":\"x\",\"params\":[" + number + "]}")
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> parser.parse(line))
          .isInstanceOf(V1FormatException.class)
          .hasMessageContaining("number out of range");
    }
  }
}
