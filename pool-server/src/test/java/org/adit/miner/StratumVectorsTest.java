package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.adit.hasher.BlockHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Every job and share of the reference vectors, seen from the miner: the same 80 bytes, the same
 * hash.
 */
class StratumVectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  static Stream<JsonNode> vectors() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            StratumVectorsTest.class.getResourceAsStream("/vectors/stratum-v1-vectors.json"))) {
      JsonNode file = new ObjectMapper().readTree(in);
      return file.path("vectors").valueStream().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void headerAndHash(JsonNode vector) throws ProtocolException {
    JsonNode submit = vector.path("submit");
    JsonValue.Obj line = JsonValue.parseObject("{\"params\":" + vector.path("notify") + "}");
    StratumJob job = StratumJob.parse((JsonValue.Arr) line.get("params"));
    int time = Integer.parseUnsignedInt(submit.path(3).asString(), 16);
    int offset = time - Integer.parseUnsignedInt(vector.path("notify").path(7).asString(), 16);

    BlockHeader made =
        job.header(
            HEX.parseHex(vector.path("subscribe").path("extranonce1").asString()),
            HEX.parseHex(submit.path(2).asString().toLowerCase(Locale.ROOT)),
            offset);
    int mask =
        vector.path("version_mask").isString()
            ? Integer.parseUnsignedInt(vector.path("version_mask").asString(), 16)
            : 0;
    int bits =
        submit.path(5).isString() ? Integer.parseUnsignedInt(submit.path(5).asString(), 16) : 0;
    BlockHeader header =
        new BlockHeader(
            (made.version() & ~mask) | (bits & mask),
            made.previous(),
            made.merkleRoot(),
            made.time(),
            made.bits(),
            Integer.parseUnsignedInt(submit.path(4).asString(), 16));

    JsonNode expected = vector.path("expected");
    assertThat(HEX.formatHex(header.toBytes())).isEqualTo(expected.path("header").asString());
    assertThat(header.hash().toDisplayHex()).isEqualTo(expected.path("block_hash").asString());
  }
}
