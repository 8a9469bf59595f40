package org.adit.hasher;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * An amount of work: a number of expected hashes, exact. The unit of a node's chainwork, so that
 * shares, windows, networks and chains are compared without conversion. Source: accounting
 * reference 1.1.
 *
 * @param hashes 0 or more
 */
public record Work(BigInteger hashes) implements Comparable<Work> {
  /** No work. */
  public static final Work NONE = new Work(BigInteger.ZERO);

  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"};
  private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.DOWN);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Work {
    if (hashes.signum() < 0) {
      throw new IllegalArgumentException("work: " + hashes + " hashes (expected: 0 or more)");
    }
  }

  /** Returns that many hashes, 0 or more. */
  public static Work of(long hashes) {
    return new Work(BigInteger.valueOf(hashes));
  }

  /** Returns the work of a target, {@code floor(2^256 / (T + 1))}: 1 to 2^255. */
  public static Work ofTarget(Target target) {
    return target.work();
  }

  /** Returns the work of the target a difficulty stands for. */
  public static Work ofDifficulty(Difficulty difficulty) {
    return difficulty.target().work();
  }

  /**
   * Returns the work of a block with these bits.
   *
   * @throws IllegalArgumentException if they are no target, see {@link Target#ofCompact}
   */
  public static Work ofCompact(int bits) {
    return Target.ofCompact(bits).work();
  }

  /** Returns the sum. */
  public Work plus(Work other) {
    return new Work(hashes.add(other.hashes));
  }

  /**
   * Returns the difference.
   *
   * @throws IllegalArgumentException if the other is larger
   */
  public Work minus(Work other) {
    return new Work(hashes.subtract(other.hashes));
  }

  /**
   * Returns the number of hashes. A share fits up to difficulty 2^31-1.
   *
   * @throws ArithmeticException if it does not fit 63 bits
   */
  public long toLongExact() {
    return hashes.longValueExact();
  }

  /** Returns a text for people, three digits and a prefix, rounded down: {@code "4.29 GH"}. */
  public String toDisplay() {
    BigDecimal scaled = new BigDecimal(hashes);
    int prefix = 0;
    while (scaled.compareTo(BigDecimal.valueOf(1_000)) >= 0 && prefix < PREFIXES.length - 1) {
      scaled = scaled.movePointLeft(3);
      prefix++;
    }
    BigDecimal shown =
        scaled.precision() - scaled.scale() > 3
            ? scaled.setScale(0, RoundingMode.DOWN)
            : scaled.round(THREE_DIGITS);
    return shown.toPlainString() + " " + PREFIXES[prefix] + "H";
  }

  @Override
  public int compareTo(Work other) {
    return hashes.compareTo(other.hashes);
  }

  /** Returns the number of hashes in decimal. */
  @Override
  public String toString() {
    return hashes.toString();
  }
}
