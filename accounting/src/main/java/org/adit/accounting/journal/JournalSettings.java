package org.adit.accounting.journal;

import java.time.Duration;

/**
 * How the journal is laid out and committed.
 *
 * @param segmentShares records per segment file (128 bytes each), 64 to 16 777 216
 * @param groupShares most shares in one group commit, 1 to 65 536
 * @param groupTime longest time a share waits for its group to fill
 * @param retryMin first pause after a failed write, doubled up to {@code retryMax}
 * @param retryMax longest pause between attempts
 * @param evidence whether shares keep their whole header, so that anybody can compute their hash
 */
public record JournalSettings(
    int segmentShares,
    int groupShares,
    Duration groupTime,
    Duration retryMin,
    Duration retryMax,
    boolean evidence) {

  /** 32 MiB segments; groups of at most 4 096 shares or 5 ms. */
  public static final JournalSettings DEFAULT =
      new JournalSettings(
          262_144, 4_096, Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(5));

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when a number is out of its range
   */
  public JournalSettings {
    if (segmentShares < 64 || segmentShares > 1 << 24) {
      throw new IllegalArgumentException(
          "segmentShares " + segmentShares + " (expected: 64 to 16777216)");
    }
    if (groupShares < 1 || groupShares > RecordCodec.MAX_GROUP) {
      throw new IllegalArgumentException("groupShares " + groupShares + " (expected: 1 to 65536)");
    }
    if (groupTime.isNegative() || retryMin.isNegative() || retryMin.compareTo(retryMax) > 0) {
      throw new IllegalArgumentException(
          "groupTime, retryMin and retryMax must not be negative, and retryMin not above retryMax");
    }
  }

  /** With evidence. */
  public JournalSettings(
      int segmentShares,
      int groupShares,
      Duration groupTime,
      Duration retryMin,
      Duration retryMax) {
    this(segmentShares, groupShares, groupTime, retryMin, retryMax, true);
  }

  /** The same with another segment size; for tests. */
  public JournalSettings withSegmentShares(int shares) {
    return new JournalSettings(shares, groupShares, groupTime, retryMin, retryMax, evidence);
  }

  /** The same, with the headers of shares or without. */
  public JournalSettings withEvidence(boolean kept) {
    return new JournalSettings(segmentShares, groupShares, groupTime, retryMin, retryMax, kept);
  }
}
