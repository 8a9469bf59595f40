package org.adit.pool.stats;

/**
 * Shares of a span.
 *
 * @param shares accepted
 * @param work their work, expected hashes
 * @param squares sum of the squares of their work
 * @param rejected refused
 */
public record Sum(long shares, double work, double squares, long rejected) {
  /** Nothing. */
  public static final Sum NONE = new Sum(0, 0, 0, 0);

  /** Both together. */
  public Sum plus(Sum other) {
    return new Sum(
        shares + other.shares,
        work + other.work,
        squares + other.squares,
        rejected + other.rejected);
  }
}
