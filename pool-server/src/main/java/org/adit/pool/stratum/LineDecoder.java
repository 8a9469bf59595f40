package org.adit.pool.stratum;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into lines, ended by LF or CRLF, of bounded length. Knows since when a line
 * has been waiting for its end.
 */
final class LineDecoder extends LineBasedFrameDecoder {
  private static final long NONE = -1;

  private final java.util.function.LongSupplier millis;
  private long unfinishedSinceMillis = NONE;

  LineDecoder(int maxLineBytes, java.util.function.LongSupplier millis) {
    super(maxLineBytes, true, true);
    this.millis = millis;
  }

  /** How long the line now being received has been waiting for its end; 0 when there is none. */
  long unfinishedMillis(long nowMillis) {
    return unfinishedSinceMillis == NONE ? 0 : nowMillis - unfinishedSinceMillis;
  }

  @Override
  protected @Nullable Object decode(ChannelHandlerContext ctx, ByteBuf buffer) throws Exception {
    Object line = super.decode(ctx, buffer);
    if (line != null || !buffer.isReadable()) {
      unfinishedSinceMillis = NONE;
    } else if (unfinishedSinceMillis == NONE) {
      unfinishedSinceMillis = millis.getAsLong();
    }
    return line;
  }
}
