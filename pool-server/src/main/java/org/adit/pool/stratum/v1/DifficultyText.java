package org.adit.pool.stratum.v1;

import java.math.BigDecimal;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.jspecify.annotations.Nullable;

/** Reads a difficulty a client sent: a JSON number or numeric text, finite and above zero. */
final class DifficultyText {
  private static final BigDecimal LOWEST = new BigDecimal("1e-12");
  private static final BigDecimal HIGHEST = new BigDecimal("1e15");
  private static final int MAX_DIGITS = 40;

  private DifficultyText() {}

  /** The difficulty, or empty when the value is no usable one. */
  static Optional<Difficulty> read(@Nullable Object value) {
    return switch (value) {
      case Long number -> bounded(BigDecimal.valueOf(number));
      case BigDecimal number -> bounded(number);
      case String text when text.length() <= MAX_DIGITS -> parse(text);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Difficulty> parse(String text) {
    try {
      return bounded(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  // Compared before any arithmetic: 1e999999 must cost nothing.
  private static Optional<Difficulty> bounded(BigDecimal number) {
    if (number.signum() <= 0) {
      return Optional.empty();
    }
    long magnitude = (long) number.precision() - number.scale();
    if (magnitude < -12 || magnitude > 16 || number.scale() > MAX_DIGITS) {
      return Optional.empty();
    }
    BigDecimal clamped = number.max(LOWEST).min(HIGHEST);
    return Optional.of(Difficulty.of(clamped));
  }
}
