package org.adit.pool.stratum.v1;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code mining.configure} (BIP 310; Stratum V1 specification 2.2).
 *
 * @param resultJson an entry for each requested extension
 * @param versionMask granted bits, when version rolling was asked for
 * @param minimumDifficulty floor the miner asked for
 * @param info what the miner says of itself, for people to look at
 */
record V1Configure(
    String resultJson,
    Optional<Integer> versionMask,
    Optional<Difficulty> minimumDifficulty,
    Map<String, String> info) {
  private static final int MAX_NAME = 64;
  private static final List<String> INFO =
      List.of("connection-url", "hw-version", "sw-version", "hw-id");

  /** Null when the parameters are not a list of names and an object. */
  static @Nullable V1Configure answer(V1Request request, int serverMask) {
    if (!(request.param(0) instanceof List<?> extensions)) {
      return null;
    }
    Object second = request.param(1);
    if (second != null && !(second instanceof Map<?, ?>)) {
      return null;
    }
    Map<?, ?> params = second instanceof Map<?, ?> map ? map : Map.of();
    StringBuilder json = new StringBuilder("{");
    Optional<Integer> mask = Optional.empty();
    Optional<Difficulty> minimum = Optional.empty();
    Map<String, String> info = Map.of();
    for (Object extension : extensions) {
      // It stands in the reply; no extension has a name near that long.
      if (!(extension instanceof String name) || name.length() > MAX_NAME) {
        return null;
      }
      json.append(json.length() == 1 ? "" : ",").append(V1Encoder.quote(name)).append(':');
      switch (name) {
        case "version-rolling" -> {
          int granted = minerMask(params.get("version-rolling.mask")) & serverMask;
          mask = Optional.of(granted);
          json.append("true,\"version-rolling.mask\":\"")
              .append(V1Encoder.hex8(granted))
              .append('"');
        }
        case "minimum-difficulty" -> {
          minimum = DifficultyText.read(params.get("minimum-difficulty.value"));
          json.append("true");
        }
        case "info" -> {
          info = info(params);
          json.append("true");
        }
        case "subscribe-extranonce" -> json.append("true");
        default -> json.append("false");
      }
    }
    return new V1Configure(json.append('}').toString(), mask, minimum, info);
  }

  private static Map<String, String> info(Map<?, ?> params) {
    Map<String, String> info = new LinkedHashMap<>();
    for (String key : INFO) {
      if (params.get("info." + key) instanceof String text && !text.isBlank()) {
        info.put(key, V1Miner.printable(text));
      }
    }
    return info;
  }

  private static int minerMask(@Nullable Object value) {
    if (value instanceof String text && !text.isEmpty() && text.length() <= 8) {
      try {
        return HexFormat.fromHexDigits(text);
      } catch (NumberFormatException e) {
        return -1;
      }
    }
    return -1;
  }
}
