package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class V1VectorsTest {
  @TestFactory
  Stream<DynamicTest> everyVectorOfTheReference() throws Exception {
    try (InputStream file = getClass().getResourceAsStream("/vectors/stratum-v1-vectors.json")) {
      JsonNode vectors = JsonMapper.builder().build().readTree(file);
      List<V1Vectors.Outcome> outcomes = V1Vectors.run(vectors);

      assertThat(vectors.path("vectors").size()).isEqualTo(11);
      assertThat(outcomes).hasSizeGreaterThanOrEqualTo(46);
      return outcomes.stream()
          .map(outcome ->
              DynamicTest.dynamicTest(
                  outcome.name(),
                  () -> {
                    assertThat(outcome.supported()).isTrue();
                    assertThat(outcome.failure()).isEmpty();
                  }));
    }
  }

  @org.junit.jupiter.api.Test
  void aWrongVectorFails() {
    JsonNode wrong =
        JsonMapper.builder()
            .build()
            .readTree("{\"conversions\":{\"bip34_height_script\":{\"1\":\"0101\"},\"new\":{}}}");

    List<V1Vectors.Outcome> outcomes = V1Vectors.run(wrong);

    assertThat(outcomes.get(0).failure())
        .hasValueSatisfying(text -> assertThat(text).contains("51"));
    assertThat(outcomes.get(1).supported()).isFalse();
  }
}
