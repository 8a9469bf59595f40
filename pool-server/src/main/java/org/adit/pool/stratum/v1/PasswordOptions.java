package org.adit.pool.stratum.v1;

import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.jspecify.annotations.Nullable;

/**
 * What a miner asks for in its password, which is no secret in Stratum: {@code key=value} pairs
 * between commas, semicolons or spaces; unknown keys are ignored (Stratum V1 specification 2.7).
 *
 * @param start start difficulty and floor ({@code d}, {@code diff})
 * @param fixed difficulty without vardiff ({@code fd})
 * @param floor lowest vardiff may go ({@code md})
 */
record PasswordOptions(
    Optional<Difficulty> start, Optional<Difficulty> fixed, Optional<Difficulty> floor) {
  static final PasswordOptions NONE =
      new PasswordOptions(Optional.empty(), Optional.empty(), Optional.empty());
  private static final int MAX_LENGTH = 256;

  static PasswordOptions parse(@Nullable String password) {
    if (password == null || password.isEmpty() || password.length() > MAX_LENGTH) {
      return NONE;
    }
    PasswordOptions options = NONE;
    for (String pair : password.split("[,; ]", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        options = options.with(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return options;
  }

  private PasswordOptions with(String key, String value) {
    Optional<Difficulty> difficulty = DifficultyText.read(value);
    if (difficulty.isEmpty()) {
      return this;
    }
    return switch (key) {
      case "d", "diff" -> new PasswordOptions(difficulty, fixed, floor);
      case "fd" -> new PasswordOptions(start, difficulty, floor);
      case "md" -> new PasswordOptions(start, fixed, difficulty);
      default -> this;
    };
  }
}
