package org.adit.pool.mining;

import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;

/** What became of a submitted share. */
public sealed interface ShareVerdict {
  /** Short stable name for statistics, at most 16 lower-case letters and dashes. */
  String label();

  /**
   * Good and, once reported, on disk.
   *
   * @param work credited, in expected hashes
   * @param grace whether the job was of the previous tip and credited out of grace
   */
  record Accepted(long work, boolean grace) implements ShareVerdict {
    @Override
    public String label() {
      return "accepted";
    }
  }

  /** No job of this id was sent to this connection, or it is long gone. */
  record UnknownJob() implements ShareVerdict {
    @Override
    public String label() {
      return "unknown-job";
    }
  }

  /** The job extends a block that is no longer the tip. */
  record StaleTip() implements ShareVerdict {
    @Override
    public String label() {
      return "stale-tip";
    }
  }

  /** The job is of this tip but too old. */
  record StaleWork() implements ShareVerdict {
    @Override
    public String label() {
      return "stale-work";
    }
  }

  /**
   * The block time is outside what the network takes.
   *
   * @param minimum earliest allowed, seconds since 1970
   * @param maximum latest allowed
   */
  record TimeOutOfRange(long minimum, long maximum) implements ShareVerdict {
    @Override
    public String label() {
      return "bad-time";
    }
  }

  /**
   * Bits were rolled that this connection may not roll.
   *
   * @param mask the bits it may roll
   */
  record VersionBitsNotAllowed(int mask) implements ShareVerdict {
    @Override
    public String label() {
      return "bad-version";
    }
  }

  /**
   * The hash is above the target.
   *
   * @param hash the share's hash as a target
   * @param required what it should have met
   */
  record LowDifficulty(Target hash, Difficulty required) implements ShareVerdict {
    /** The difficulty the hash would have been good for. */
    public Difficulty achieved() {
      return Difficulty.ofTarget(hash);
    }

    @Override
    public String label() {
      return "low-difficulty";
    }
  }

  /** The same header came before. */
  record Duplicate() implements ShareVerdict {
    @Override
    public String label() {
      return "duplicate";
    }
  }

  /** The share was good, but the disk did not take it. It is not credited and may be sent again. */
  record NotStored() implements ShareVerdict {
    @Override
    public String label() {
      return "not-stored";
    }
  }
}
