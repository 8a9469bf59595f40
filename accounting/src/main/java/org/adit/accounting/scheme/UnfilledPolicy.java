package org.adit.accounting.scheme;

/** What happens to a block while the reward window is longer than the pool's history. */
public enum UnfilledPolicy {
  /** The block is divided over the work there is. */
  SCALE,
  /** Missing work is credited to the reserve account: a liability, never income. */
  RESERVE
}
