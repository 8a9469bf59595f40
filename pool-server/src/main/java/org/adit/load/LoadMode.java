package org.adit.load;

/** What the connections of a load run do. */
public enum LoadMode {
  /** They submit real shares. */
  SHARES,
  /** They subscribe, authorise and listen. */
  IDLE,
  /** They connect, wait for their first job, and leave, again and again. */
  CHURN
}
