package org.adit.accounting.proof;

import java.math.BigInteger;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;

/** What one step of a leaf's integer weight stands for. */
public enum WeightUnit {
  /** One expected hash of work. */
  HASH("hash", 0),
  /**
   * 2^-64 of a block's expected work; units are fractions, and 64 bits lose nothing that counts.
   */
  BLOCK_2_64("2^-64 block", 64),
  /** The finder, alone. */
  FINDER("finder", 0);

  private final String text;
  private final int shift;

  WeightUnit(String text, int shift) {
    this.text = text;
    this.shift = shift;
  }

  /** The unit a scheme's windows are measured in. */
  public static WeightUnit of(SchemeKind scheme) {
    return switch (scheme) {
      case SOLO, PPS, FPPS -> FINDER;
      case PPLNS_UNITS, PPS_PLUS -> BLOCK_2_64;
      case PROP, PPLNS_WORK, TIDES, SLICE -> HASH;
    };
  }

  /** The weight in whole steps, rounded down. */
  public BigInteger steps(Rational weight) {
    return weight.times(Rational.of(BigInteger.ONE.shiftLeft(shift))).floor();
  }

  /** How proofs name it. */
  @Override
  public String toString() {
    return text;
  }
}
