package org.adit.pool.web.api;

import java.util.List;
import java.util.Map;
import org.adit.accounting.store.BlockRow;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** Figures of the API that others show in another shape. Thread-safe. */
public interface Figures {
  /** The workers, at most a second old. */
  WorkerTable.Snapshot workers() throws Exception;

  /** Blocks, newest first. */
  List<BlockRow> blocks() throws Exception;

  /** Expected credit of each account if the next block were found now, in satoshi. */
  Map<String, Long> nextCredits() throws Exception;

  /** The difficulty a hash would be good for; 0 for none. */
  static double difficulty(@Nullable Hash256 hash) {
    double difficulty = Shapes.difficulty(hash);
    return Double.isNaN(difficulty) ? 0 : difficulty;
  }

  /** The difficulty of a compact target. */
  static double difficultyOf(int bits) {
    return Shapes.difficultyOf(bits);
  }

  /** First and last characters of what not everybody may see in full. */
  static String shortened(String account) {
    return Shapes.shortened(account);
  }
}
