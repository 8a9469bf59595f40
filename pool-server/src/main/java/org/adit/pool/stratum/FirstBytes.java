package org.adit.pool.stratum;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the first byte of a connection and decides which protocol it speaks. Only Stratum V1 is
 * spoken so far; a browser or a TLS client that came to the wrong port is closed without a word
 * (Stratum V1 specification 1.4).
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FirstBytes.class);
  private static final int TLS_HANDSHAKE = 0x16;

  private final Consumer<ChannelHandlerContext> speakV1;

  /**
   * @param speakV1 puts the handlers of Stratum V1 after this one
   */
  FirstBytes(Consumer<ChannelHandlerContext> speakV1) {
    this.speakV1 = speakV1;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!bytes.isReadable()) {
      bytes.release();
      return;
    }
    int first = bytes.getUnsignedByte(bytes.readerIndex());
    if (first == 'G' || first == 'P' || first == 'C' || first == TLS_HANDSHAKE) {
      LOG.debug("closing {}: does not speak Stratum", ctx.channel().remoteAddress());
      bytes.release();
      var _ = ctx.close();
      return;
    }
    speakV1.accept(ctx);
    ctx.fireChannelRead(bytes);
    ctx.pipeline().remove(this);
  }
}
