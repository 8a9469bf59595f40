package org.adit.accounting.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.adit.accounting.vectors.VectorResult.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class AccountingVectorsTest {

  private static Map<?, ?> file() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            AccountingVectorsTest.class.getResourceAsStream("/accounting-vectors.json"))) {
      return JsonMapper.shared().readValue(in, Map.class);
    }
  }

  static Stream<VectorResult> results() throws IOException {
    return AccountingVectors.run(file()).stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("results")
  void theModuleComputesWhatTheReferenceExpects(VectorResult result) {
    assertThat(result.message()).isEmpty();
    assertThat(result.outcome()).isEqualTo(Outcome.PASS);
  }

  /** The kinds of the reference, all of which must be there and be known. */
  @Test
  void everyKindOfTheReferenceIsRun() throws IOException {
    assertThat(AccountingVectors.run(file()))
        .allMatch(result -> result.outcome() == Outcome.PASS)
        .hasSize(114)
        .extracting(VectorResult::kind)
        .containsAll(AccountingVectors.supportedKinds());
    assertThat(AccountingVectors.supportedKinds()).hasSize(41);
  }

  /**
   * Changes one number or string in the expectation; the runner must notice. Decimals of rounded
   * kinds are moved by ten times the widest tolerance.
   */
  @Test
  void everyChangedExpectationIsNoticed() throws IOException {
    Map<?, ?> file = file();
    int changed = 0;
    for (Object vector : (List<?>) Objects.requireNonNull(file.get("vectors"))) {
      Map<?, ?> original = (Map<?, ?>) vector;
      if (!AccountingVectors.supportedKinds().contains(original.get("kind"))) {
        continue;
      }
      Map<String, Object> spoilt = new LinkedHashMap<>();
      original.forEach((key, value) -> spoilt.put(String.valueOf(key), value));
      spoilt.put("out", spoil(Objects.requireNonNull(original.get("out"))));
      Map<String, Object> single =
          Map.of("format", AccountingVectors.FORMAT, "vectors", List.of(spoilt));
      assertThat(AccountingVectors.run(single))
          .singleElement()
          .satisfies(result -> assertThat(result.outcome()).isEqualTo(Outcome.FAIL));
      changed++;
    }
    assertThat(changed).isEqualTo(114);
  }

  /** Spoils the last leaf. */
  private static Object spoil(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, inner) -> copy.put(String.valueOf(key), inner));
        String last = new ArrayList<>(copy.keySet()).getLast();
        copy.put(last, spoil(Objects.requireNonNull(copy.get(last))));
        yield copy;
      }
      case List<?> list when list.isEmpty() -> List.of("one too many");
      case List<?> list -> {
        List<Object> copy = new ArrayList<>(list);
        copy.set(copy.size() - 1, spoil(copy.getLast()));
        yield copy;
      }
      case Number number -> number.longValue() + 1;
      case String text when text.matches("-?[0-9.]+(e-?[0-9]+)?") ->
          new BigDecimal(text)
              .multiply(new BigDecimal("1.00001"))
              .add(new BigDecimal(text.matches("[-0.]+") ? "1" : "0"))
              .toPlainString();
      default -> value + "0";
    };
  }

  @Test
  void unknownKindsAreListedAndMalformedVectorsFailAlone() {
    Map<String, Object> file =
        Map.of(
            "format",
            AccountingVectors.FORMAT,
            "vectors",
            List.of(
                Map.of("id", "a", "kind", "scheme.unheard_of", "in", Map.of(), "out", Map.of()),
                Map.of("id", "b", "kind", "fee.ppm", "in", Map.of(), "out", Map.of()),
                "no object"));
    assertThat(AccountingVectors.run(file))
        .extracting(VectorResult::outcome, VectorResult::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Outcome.UNSUPPORTED, "kind scheme.unheard_of"),
            org.assertj.core.groups.Tuple.tuple(Outcome.FAIL, "b.in.subsidy_sat is missing"),
            org.assertj.core.groups.Tuple.tuple(Outcome.FAIL, "vectors[2] is not an object"));
    assertThatThrownBy(() -> AccountingVectors.run(Map.of("format", "other/1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pool-accounting-vectors/1");
  }
}
