package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What every line of the pool must keep to, whoever listens (Stratum V1 specification 1.7, 2.10,
 * 3.1, 3.6, 4.3, 4.5 R1, 5.6): the strictest of all known clients in one. Of one connection.
 */
final class WireRules {
  /** NerdMiner's room for a line. */
  private static final int LONGEST_LINE = 4_096;

  /** NerdMiner's room for a coinbase. */
  private static final int LONGEST_COINBASE = 255;

  private static final int EXTRANONCE_BYTES = 12;

  private final Set<String> jobs = new HashSet<>();
  private final Set<String> coinbases = new HashSet<>();
  private boolean difficultyAnnounced;

  /** Fails when the line would trouble a client. */
  void check(String line, JsonNode came) {
    assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThan(LONGEST_LINE);
    List<String> names = List.copyOf(came.propertyNames());
    String method = came.path("method").asString("");
    if (difficultyAnnounced) {
      assertThat(method)
          .as("R1: nothing between a difficulty and its job")
          .isEqualTo("mining.notify");
    }
    difficultyAnnounced = false;
    switch (method) {
      case "" -> reply(names, came);
      case "mining.set_difficulty" -> {
        assertThat(names).containsExactly("id", "method", "params");
        difficultyAnnounced = true;
        difficulty(line, came.required("params"));
      }
      case "mining.notify" -> {
        assertThat(names).containsExactly("id", "method", "params");
        job(came.required("params"));
      }
      default -> assertThat(method).isEqualTo("client.get_version");
    }
  }

  private static void reply(List<String> names, JsonNode came) {
    assertThat(names).containsExactly("id", "result", "error");
    assertThat(came.required("id").isNull()).as("an answer to nobody: " + came).isFalse();
    JsonNode error = came.required("error");
    if (!error.isNull()) {
      assertThat(error.isArray()).isTrue();
      assertThat(error.size()).isEqualTo(3);
      assertThat(error.required(0).isInt()).isTrue();
      assertThat(error.required(1).isString()).isTrue();
    }
  }

  private static void difficulty(String line, JsonNode params) {
    assertThat(params.size()).isEqualTo(1);
    BigDecimal value = params.required(0).decimalValue();
    assertThat(value).isPositive();
    String text = line.replaceAll(".*\\[([^]]*)].*", "$1");
    assertThat(text).as("a plain number").matches("[0-9]+|0\\.[0-9]+");
    if (value.compareTo(BigDecimal.ONE) >= 0) {
      assertThat(text).as("an integer from one on").matches("[1-9][0-9]*");
    }
    assertThat(new BigDecimal(text).precision()).isLessThanOrEqualTo(12);
  }

  private void job(JsonNode params) {
    assertThat(params.size()).isEqualTo(9);
    String id = params.required(0).asString();
    assertThat(jobs.add(id)).as("job " + id + " came before").isTrue();
    assertThat(id).matches("[0-9a-f]{1,16}");
    assertThat(params.required(1).asString()).matches("[0-9a-f]{64}");
    String coinb1 = params.required(2).asString();
    String coinb2 = params.required(3).asString();
    assertThat(coinb1 + coinb2).matches("([0-9a-f]{2})+");
    assertThat((coinb1.length() + coinb2.length()) / 2 + EXTRANONCE_BYTES)
        .isLessThanOrEqualTo(LONGEST_COINBASE);
    assertThat(coinbases.add(coinb1 + coinb2))
        .as("a fresh search space, also for those who begin each job alike")
        .isTrue();
    params.required(4).forEach(node -> assertThat(node.asString()).matches("[0-9a-f]{64}"));
    for (int i = 5; i <= 7; i++) {
      assertThat(params.required(i).asString()).matches("[0-9a-f]{8}");
    }
    assertThat(params.required(8).isBoolean()).isTrue();
  }
}
