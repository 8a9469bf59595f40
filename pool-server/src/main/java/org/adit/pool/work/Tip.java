package org.adit.pool.work;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.adit.hasher.Hash256;

/**
 * One best block of the chain, seen as what jobs are built on. Carries the headers received on it,
 * so that duplicates are found as long as a job of this tip still earns, also after a newer tip
 * came and when the chain returns to this one.
 *
 * <p>Thread-safe. The set grows only by headers that met their share target, so each entry cost its
 * sender real work.
 */
public final class Tip {
  private static final long CURRENT = Long.MAX_VALUE;

  private final Hash256 blockHash;
  private final Set<Hash256> seenHeaders = ConcurrentHashMap.newKeySet();
  private volatile long supersededAtMillis = CURRENT;

  Tip(Hash256 blockHash) {
    this.blockHash = blockHash;
  }

  /** A tip that no job book knows, for checks of single shares. */
  public static Tip unlisted(Hash256 blockHash) {
    return new Tip(blockHash);
  }

  /** Hash of the block that jobs on this tip extend. */
  public Hash256 blockHash() {
    return blockHash;
  }

  /**
   * Remembers a header hash.
   *
   * @return false when it was there already: the share is a duplicate
   */
  public boolean firstSeen(Hash256 headerHash) {
    return seenHeaders.add(headerHash);
  }

  /** Takes a header hash back, for a share that could not be made durable and may be sent again. */
  public void forget(Hash256 headerHash) {
    seenHeaders.remove(headerHash);
  }

  /** Whether the chain still ends here. */
  public boolean isCurrent() {
    return supersededAtMillis == CURRENT;
  }

  /** When a newer tip took over, in milliseconds since 1970; a far future while this is current. */
  public long supersededAtMillis() {
    return supersededAtMillis;
  }

  void supersede(long nowMillis) {
    supersededAtMillis = nowMillis;
  }

  void restore() {
    supersededAtMillis = CURRENT;
  }
}
