package org.adit.pool.mining;

import java.util.LinkedHashMap;
import java.util.Map;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;

/**
 * What shares must meet at the difficulties in use on one event loop. Thousands of connections are
 * at a few powers of two; working each out for every connection and job would be most of what a
 * broadcast costs, and keeping each apart most of what an idle connection holds. Used on its loop.
 */
public final class Requirements {
  private static final int KEPT = 256;

  private record Key(Difficulty difficulty, Target network) {}

  private final Map<Key, ShareRequirement> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ShareRequirement> eldest) {
          return size() > KEPT;
        }
      };

  /** The same as {@link ShareRequirement#of}. */
  ShareRequirement of(Difficulty difficulty, Target network) {
    return known.computeIfAbsent(
        new Key(difficulty, network), key -> ShareRequirement.of(key.difficulty(), key.network()));
  }
}
