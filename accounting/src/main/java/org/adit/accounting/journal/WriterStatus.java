package org.adit.accounting.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A moment's view of the share writer.
 *
 * @param state what it does with shares now
 * @param cause why it refuses, null while it does not
 * @param lastDurableSequence newest share on disk, 0 when there is none
 * @param sharesDurable shares acknowledged since start
 * @param sharesRefused shares refused since start
 * @param groupsFull groups closed because they were full
 * @param groupsTimed groups closed because their first share had waited long enough
 * @param groupsIdle groups closed because every lane was empty
 * @param failures failed writes or forces since start, attempts to repair included
 * @param forceNanos nanoseconds spent writing and forcing since start
 * @param forceNanosMax longest write and force
 */
public record WriterStatus(
    State state,
    @Nullable IOException cause,
    long lastDurableSequence,
    long sharesDurable,
    long sharesRefused,
    long groupsFull,
    long groupsTimed,
    long groupsIdle,
    long failures,
    long forceNanos,
    long forceNanosMax) {

  /** What the writer does with shares. */
  public enum State {
    /** Shares are stored and acknowledged. */
    RUNNING,
    /** The disk failed: shares are refused until an attempt to repair succeeds. */
    REFUSING,
    /** Closed; nothing is taken. */
    CLOSED
  }
}
