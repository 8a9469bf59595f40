package org.adit.hasher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The shared vector files, as trees. */
final class Vectors {
  private Vectors() {}

  static JsonNode load(String file) {
    try (InputStream in =
        Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file), file)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The accounting vectors of one kind; fails when there are none. */
  static Stream<JsonNode> accounting(String kind) {
    var found =
        load("accounting-vectors.json")
            .get("vectors")
            .valueStream()
            .filter(vector -> vector.get("kind").asString().equals(kind))
            .toList();
    if (found.isEmpty()) {
      throw new IllegalStateException("no vectors of kind " + kind);
    }
    return found.stream();
  }

  /** The Stratum V1 job vectors. */
  static Stream<JsonNode> stratumJobs() {
    return load("stratum-v1-vectors.json").get("vectors").valueStream();
  }
}
