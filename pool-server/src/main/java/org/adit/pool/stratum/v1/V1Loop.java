package org.adit.pool.stratum.v1;

import io.netty.buffer.ByteBufAllocator;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.stratum.StratumLimits;

/**
 * What the V1 sessions of one event loop share: the parser, encoded jobs, the turn. A session has
 * none of these of its own, because ten thousand idle ones cost what they hold.
 */
public final class V1Loop {
  private final SessionContext context;
  private final V1RequestParser parser;
  private final SubmitLine submitLine = new SubmitLine();
  private final byte[] lineBytes;
  private final NotifyLines notifyLines;
  private final Turn turn;

  /**
   * @param context of the event loop
   * @param buffers where encoded jobs are kept
   */
  public V1Loop(SessionContext context, ByteBufAllocator buffers) {
    this.context = context;
    StratumLimits limits = context.limits();
    this.parser =
        new V1RequestParser(limits.jsonDepth(), limits.jsonElements(), limits.jsonStringChars());
    this.lineBytes = new byte[limits.lineBytes()];
    this.notifyLines = new NotifyLines(buffers);
    this.turn = new Turn(context.channels().loop());
  }

  /** Gives encoded jobs back; on the event loop, when no session is left. */
  public void close() {
    notifyLines.close();
  }

  SessionContext context() {
    return context;
  }

  V1RequestParser parser() {
    return parser;
  }

  /** Room for one line while it is read. */
  byte[] lineBytes() {
    return lineBytes;
  }

  SubmitLine submitLine() {
    return submitLine;
  }

  NotifyLines notifyLines() {
    return notifyLines;
  }

  Turn turn() {
    return turn;
  }
}
