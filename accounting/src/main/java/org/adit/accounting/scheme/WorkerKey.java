package org.adit.accounting.scheme;

/**
 * Who did some work: the account is paid, the worker is one of its machines.
 *
 * @param account payout identity
 * @param worker name within the account, may be empty
 */
public record WorkerKey(String account, String worker) implements Comparable<WorkerKey> {
  /** Holds the part of a block that an unfilled window leaves over; sorts after every miner. */
  public static final WorkerKey RESERVE = new WorkerKey("~reserve", "");

  public boolean isReserve() {
    return equals(RESERVE);
  }

  @Override
  public int compareTo(WorkerKey other) {
    int accounts = LargestRemainder.KEY_ORDER.compare(account, other.account);
    return accounts != 0 ? accounts : LargestRemainder.KEY_ORDER.compare(worker, other.worker);
  }
}
