package org.adit.pool.stratum.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.adit.pool.work.MiningJob;

/**
 * The last notify lines of one event loop, encoded: one job goes to all connections of its class as
 * one buffer that is written many times and copied never. Used on one event loop.
 */
final class NotifyLines {
  /** Classes of jobs sent in turn; beyond it a line is only encoded again. */
  private static final int KEPT = 16;

  private record Line(MiningJob job, boolean clean, ByteBuf bytes) {}

  private final ByteBufAllocator buffers;
  private final ArrayDeque<Line> newestFirst = new ArrayDeque<>();

  NotifyLines(ByteBufAllocator buffers) {
    this.buffers = buffers;
  }

  /** The line, to be released once by the caller, whose writing it is. */
  ByteBuf of(MiningJob job, boolean clean) {
    return find(job, clean).retainedDuplicate();
  }

  @SuppressWarnings("ReferenceEquality") // a job is never made twice
  private ByteBuf find(MiningJob job, boolean clean) {
    for (Line line : newestFirst) {
      if (line.job() == job && line.clean() == clean) {
        return line.bytes();
      }
    }
    byte[] text = V1Encoder.notify(job, clean);
    ByteBuf bytes = buffers.directBuffer(text.length, text.length).writeBytes(text);
    newestFirst.addFirst(new Line(job, clean, bytes));
    if (newestFirst.size() > KEPT) {
      newestFirst.removeLast().bytes().release();
    }
    return bytes;
  }

  /** Gives all lines back. */
  void close() {
    newestFirst.forEach(line -> line.bytes().release());
    newestFirst.clear();
  }
}
