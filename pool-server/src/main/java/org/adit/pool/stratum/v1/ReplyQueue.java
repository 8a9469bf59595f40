package org.adit.pool.stratum.v1;

import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies in the order of their requests, although some are ready later than others: many
 * miners match replies by position (Stratum V1 specification 1.3). Used on one event loop.
 */
final class ReplyQueue {
  /** Where lines go. */
  interface Output {
    /** A whole line; an empty one is not written. */
    void line(byte[] line);

    /** The line that accepts the request of this id, which most replies are. */
    void accepted(Object id);

    /** A notification that waited for a handshake's reply may be written now. */
    void notification();
  }

  private enum Kind {
    OPEN,
    LINE,
    ACCEPTED,
    NOTIFICATION
  }

  /** The place of one reply in the order. */
  final class Slot {
    private final boolean handshake;
    private Kind kind = Kind.OPEN;
    private @Nullable Object content;

    private Slot(boolean handshake) {
      this.handshake = handshake;
    }

    /** Fills the place; lines that are ready up to the next open place are written. */
    void reply(byte[] ready) {
      fill(Kind.LINE, ready);
    }

    /** Fills the place with {@code true} for the request of this id. */
    void accept(Object requestId) {
      fill(Kind.ACCEPTED, requestId);
    }

    private void fill(Kind with, @Nullable Object what) {
      if (kind != Kind.OPEN) {
        throw new IllegalStateException("a reply was given twice");
      }
      kind = with;
      content = what;
      writeReady();
    }

    private void write() {
      switch (kind) {
        case LINE -> output.line((byte[]) Objects.requireNonNull(content));
        case ACCEPTED -> output.accepted(Objects.requireNonNull(content));
        case NOTIFICATION -> output.notification();
        case OPEN -> throw new IllegalStateException("a reply is not ready");
      }
    }
  }

  // Empty for nearly all of thousands of idle connections, so it is not kept then.
  private @Nullable ArrayDeque<Slot> open;
  private final Output output;
  private int handshakes;
  private boolean writing;

  ReplyQueue(Output output) {
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

  /**
   * Has {@link Output#notification} called: at once unless that would put it before a handshake's
   * reply.
   */
  void notification() {
    if (handshakes == 0) {
      output.notification();
    } else {
      add(false).fill(Kind.NOTIFICATION, null);
    }
  }

  /** Replies not yet written. */
  int size() {
    ArrayDeque<Slot> slots = open;
    return slots == null ? 0 : slots.size();
  }

  private Slot add(boolean handshake) {
    Slot slot = new Slot(handshake);
    handshakes += handshake ? 1 : 0;
    ArrayDeque<Slot> slots = open;
    if (slots == null) {
      slots = new ArrayDeque<>(4);
      open = slots;
    }
    slots.add(slot);
    return slot;
  }

  private void writeReady() {
    ArrayDeque<Slot> slots = open;
    if (slots == null || writing) {
      return;
    }
    writing = true;
    Slot first = slots.peek();
    while (first != null && first.kind != Kind.OPEN) {
      slots.remove();
      handshakes -= first.handshake ? 1 : 0;
      first.write();
      first = slots.peek();
    }
    writing = false;
    if (slots.isEmpty()) {
      open = null;
    }
  }
}
