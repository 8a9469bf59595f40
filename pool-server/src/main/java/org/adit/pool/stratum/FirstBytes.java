package org.adit.pool.stratum;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at how a connection begins and decides which protocol it speaks: TLS, under which the
 * question is asked again, or Stratum V1. Waits until there are enough bytes to be sure, because
 * one byte alone may also be the first of another protocol's random ones. A browser that came to
 * the wrong port is closed without a word (Stratum V1 specification 1.4).
 */
final class FirstBytes extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(FirstBytes.class);
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int TLS_MAJOR = 0x03;
  private static final int TLS_NEWEST_MINOR = 0x04;
  private static final int TLS_SURE_BYTES = 3;

  /** What is done with a connection once its protocol is known; each adds handlers behind. */
  interface Protocols {
    /** Stratum V1. */
    void speakV1(ChannelHandlerContext ctx);

    /**
     * TLS.
     *
     * @return false when this port has no certificate
     */
    boolean speakTls(ChannelHandlerContext ctx);
  }

  private enum Guess {
    UNSURE,
    V1,
    TLS,
    NOT_OURS
  }

  private final Protocols protocols;

  FirstBytes(Protocols protocols) {
    this.protocols = protocols;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    boolean known =
        switch (guess(in)) {
          case UNSURE -> {
            yield true;
          }
          case V1 -> {
            protocols.speakV1(ctx);
            ctx.pipeline().remove(this);
            yield true;
          }
          case TLS -> {
            boolean served = protocols.speakTls(ctx);
            if (served) {
              ctx.pipeline().remove(this);
            }
            yield served;
          }
          case NOT_OURS -> false;
        };
    if (!known) {
      LOG.debug("closing {}: does not speak Stratum", ctx.channel().remoteAddress());
      in.skipBytes(in.readableBytes());
      var _ = ctx.close();
    }
  }

  private static Guess guess(ByteBuf in) {
    int at = in.readerIndex();
    int first = in.getUnsignedByte(at);
    if (first == TLS_HANDSHAKE) {
      if (in.readableBytes() < TLS_SURE_BYTES) {
        return Guess.UNSURE;
      }
      boolean tls =
          in.getUnsignedByte(at + 1) == TLS_MAJOR && in.getUnsignedByte(at + 2) <= TLS_NEWEST_MINOR;
      return tls ? Guess.TLS : Guess.NOT_OURS;
    }
    // GET, POST, PUT, PATCH, CONNECT: no line of Stratum begins with a letter.
    boolean web = first == 'G' || first == 'P' || first == 'C';
    return web ? Guess.NOT_OURS : Guess.V1;
  }
}
