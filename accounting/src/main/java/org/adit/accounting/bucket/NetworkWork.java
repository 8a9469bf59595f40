package org.adit.accounting.bucket;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.adit.hasher.Target;

/** Expected hashes of a block per compact target, computed once each. */
public final class NetworkWork {
  /** A chain changes its target once in two weeks; test chains toggle between a few. */
  private static final int MAX_CACHED = 10_000;

  private final Map<Integer, BigInteger> cache = new ConcurrentHashMap<>();

  /**
   * Work of a compact target.
   *
   * @throws IllegalArgumentException when it is no target
   */
  public BigInteger of(int netBits) {
    BigInteger known = cache.get(netBits);
    if (known != null) {
      return known;
    }
    BigInteger work = Target.ofCompact(netBits).work().hashes();
    if (cache.size() < MAX_CACHED) {
      cache.put(netBits, work);
    }
    return work;
  }
}
