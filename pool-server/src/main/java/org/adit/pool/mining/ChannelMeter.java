package org.adit.pool.mining;

import java.util.concurrent.atomic.AtomicReference;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** What one connection did, for people to look at: written on its event loop, read anywhere. */
public final class ChannelMeter {
  /**
   * A moment's figures.
   *
   * @param shares accepted
   * @param work their work, expected hashes
   * @param best smallest hash among them; null before the first
   * @param lastShareMillis milliseconds since 1970; 0 before the first
   */
  public record Figures(long shares, double work, @Nullable Hash256 best, long lastShareMillis) {}

  private final AtomicReference<Figures> figures =
      new AtomicReference<>(new Figures(0, 0, null, 0));
  private volatile @Nullable Difficulty difficulty;

  void accepted(double searched, Hash256 hash, long nowMillis) {
    Figures old = figures.getPlain();
    Hash256 best = old.best();
    figures.setRelease(
        new Figures(
            old.shares() + 1,
            old.work() + searched,
            best == null || hash.compareTo(best) < 0 ? hash : best,
            nowMillis));
  }

  void announced(Difficulty now) {
    difficulty = now;
  }

  /** The figures now, all of one moment. */
  public Figures figures() {
    return figures.getAcquire();
  }

  /** The difficulty of the newest job; null before the first. */
  public @Nullable Difficulty difficulty() {
    return difficulty;
  }
}
