package org.adit.accounting.journal;

import org.jspecify.annotations.Nullable;

/** A bounded queue into the share writer. One producer thread, as a rule an event loop. */
public interface ShareLane {

  /**
   * Hands a share over.
   *
   * @param attachment returned with the acknowledgement
   * @return false when the lane is full or the writer is closed; then nothing was taken
   */
  boolean offer(ShareRecord share, @Nullable Object attachment);

  /** How many more shares fit at the moment; an owner stops reading when it gets low. */
  int free();
}
