package org.adit.accounting.scheme;

import java.util.Comparator;

/**
 * Who did some work: the account is paid, the worker is one of its machines.
 *
 * @param account payout identity
 * @param worker name within the account, may be empty
 */
public record WorkerKey(String account, String worker) implements Comparable<WorkerKey> {
  /** Holds the part of a block that an unfilled window leaves over; sorts after every miner. */
  public static final WorkerKey RESERVE = new WorkerKey("~reserve", "");

  private static final Comparator<WorkerKey> ORDER =
      Comparator.comparing(WorkerKey::account, LargestRemainder.KEY_ORDER)
          .thenComparing(WorkerKey::worker, LargestRemainder.KEY_ORDER);

  public boolean isReserve() {
    return equals(RESERVE);
  }

  @Override
  public int compareTo(WorkerKey other) {
    return ORDER.compare(this, other);
  }
}
