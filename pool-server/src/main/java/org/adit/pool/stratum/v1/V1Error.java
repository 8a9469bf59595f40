package org.adit.pool.stratum.v1;

import org.adit.pool.mining.ShareVerdict;

/**
 * An error as sent: the third element of the triple is always null.
 *
 * @param code Stratum V1 specification 1.8
 * @param text words miners' displays know
 */
record V1Error(int code, String text) {
  static final V1Error NOT_SUBSCRIBED = new V1Error(25, "not subscribed");
  static final V1Error UNAUTHORIZED = new V1Error(24, "unauthorized worker");
  static final V1Error METHOD_NOT_FOUND = new V1Error(-3, "method not found");

  static V1Error malformed(String what) {
    return new V1Error(20, what);
  }

  /** The error for an account that is kept out after a flood of invalid shares. */
  static V1Error banned(long millis) {
    return new V1Error(
        24,
        "unauthorized worker: too many invalid shares, try again in "
            + (millis / 1_000 + 1)
            + " s");
  }

  /** The error for a refused share. */
  static V1Error of(ShareVerdict verdict) {
    return switch (verdict) {
      case ShareVerdict.Accepted accepted ->
          throw new IllegalArgumentException("an accepted share has no error");
      case ShareVerdict.UnknownJob unknown -> new V1Error(21, "job not found");
      case ShareVerdict.StaleTip stale -> new V1Error(21, "stale-prevblk");
      case ShareVerdict.StaleWork stale -> new V1Error(21, "stale-work");
      case ShareVerdict.TimeOutOfRange time ->
          new V1Error(
              20,
              "ntime out of range (allowed: "
                  + hex(time.minimum())
                  + " to "
                  + hex(time.maximum())
                  + ")");
      case ShareVerdict.VersionBitsNotAllowed bits ->
          new V1Error(20, "version bits not allowed (mask: " + V1Encoder.hex8(bits.mask()) + ")");
      case ShareVerdict.LowDifficulty low -> new V1Error(23, "low difficulty");
      case ShareVerdict.Duplicate duplicate -> new V1Error(22, "duplicate");
      case ShareVerdict.NotStored notStored ->
          new V1Error(20, "share not stored: the pool's disk is not taking writes");
    };
  }

  private static String hex(long seconds) {
    return V1Encoder.hex8((int) seconds);
  }
}
