package org.adit.pool.stratum.v1;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies in the order of their requests, although some are ready later than others: many
 * miners match replies by position (Stratum V1 specification 1.3). Used on one event loop.
 */
final class ReplyQueue {
  /** The place of one reply in the order. */
  final class Slot {
    private final boolean handshake;
    private byte @Nullable [] line;

    private Slot(boolean handshake) {
      this.handshake = handshake;
    }

    /** Fills the place; lines that are ready up to the next open place are written. */
    void reply(byte[] ready) {
      if (line != null) {
        throw new IllegalStateException("a reply was given twice");
      }
      line = ready;
      writeReady();
    }
  }

  private final ArrayDeque<Slot> open = new ArrayDeque<>();
  private final Consumer<byte[]> output;
  private int handshakes;

  ReplyQueue(Consumer<byte[]> output) {
    this.output = output;
  }

  /** Takes the next place. */
  Slot next() {
    return add(false);
  }

  /**
   * Takes the next place for the reply to a configure or subscribe: no notification is written
   * before it.
   */
  Slot nextHandshake() {
    return add(true);
  }

  /** Sends a notification, at once unless that would put it before a handshake's reply. */
  void notification(byte[] line) {
    if (handshakes == 0) {
      output.accept(line);
    } else {
      add(false).reply(line);
    }
  }

  /** Replies not yet written. */
  int size() {
    return open.size();
  }

  private Slot add(boolean handshake) {
    Slot slot = new Slot(handshake);
    handshakes += handshake ? 1 : 0;
    open.add(slot);
    return slot;
  }

  private void writeReady() {
    Slot first = open.peek();
    while (first != null && first.line != null) {
      open.remove();
      handshakes -= first.handshake ? 1 : 0;
      output.accept(first.line);
      first = open.peek();
    }
  }
}
