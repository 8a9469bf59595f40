package org.adit.pool.stratum;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the header by which a load balancer says where a connection comes from: PROXY protocol
 * version 1 (one line of text) or 2 (binary), as HAProxy's {@code proxy-protocol.txt} describes.
 * Only put before connections of addresses the operator named, because whoever may send it may
 * claim any address; those must send it.
 */
final class ProxyHeader extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);
  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2 = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int V1_LONGEST = 107;
  private static final int V2_HEAD = 16;
  private static final int V2_LONGEST_BODY = 1_024;
  private static final int IPV4 = 1;
  private static final int IPV6 = 2;

  private final Consumer<InetAddress> origin;

  /**
   * @param origin given where the miner is, once
   */
  ProxyHeader(Consumer<InetAddress> origin) {
    this.origin = origin;
  }

  private static final class BadHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    BadHeaderException(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    try {
      InetAddress own = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
      InetAddress miner;
      if (startsWith(in, V2)) {
        miner = version2(in, own);
      } else if (startsWith(in, V1)) {
        miner = version1(in, own);
      } else {
        throw new BadHeaderException("does not begin with a PROXY header");
      }
      if (miner != null) {
        origin.accept(miner);
        ctx.pipeline().remove(this);
      }
    } catch (BadHeaderException | UnknownHostException | IllegalArgumentException e) {
      LOG.warn("closing {}: {}", ctx.channel().remoteAddress(), e.getMessage());
      in.skipBytes(in.readableBytes());
      var _ = ctx.close();
    }
  }

  /** Whether what has come so far is the beginning of the header, or holds it. */
  private static boolean startsWith(ByteBuf in, byte[] head) {
    int length = Math.min(in.readableBytes(), head.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != head[i]) {
        return false;
      }
    }
    return true;
  }

  private static @org.jspecify.annotations.Nullable InetAddress version1(
      ByteBuf in, InetAddress own) throws BadHeaderException {
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    if (end < 0) {
      if (in.readableBytes() > V1_LONGEST) {
        throw new BadHeaderException("PROXY line longer than " + V1_LONGEST + " bytes");
      }
      return null;
    }
    int length = end + 1 - in.readerIndex();
    if (length > V1_LONGEST) {
      throw new BadHeaderException("PROXY line longer than " + V1_LONGEST + " bytes");
    }
    String[] parts =
        in.readCharSequence(length, StandardCharsets.US_ASCII).toString().strip().split(" ", -1);
    if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
      return own;
    }
    if (parts.length != 6 || !(parts[1].equals("TCP4") || parts[1].equals("TCP6"))) {
      throw new BadHeaderException("PROXY line is not TCP4, TCP6 or UNKNOWN with six parts");
    }
    return InetAddress.ofLiteral(parts[2]);
  }

  private static @org.jspecify.annotations.Nullable InetAddress version2(
      ByteBuf in, InetAddress own) throws BadHeaderException, UnknownHostException {
    if (in.readableBytes() < V2_HEAD) {
      return null;
    }
    int at = in.readerIndex();
    int versionAndCommand = in.getUnsignedByte(at + V2.length);
    int family = in.getUnsignedByte(at + V2.length + 1) >> 4;
    int body = in.getUnsignedShort(at + V2.length + 2);
    if (versionAndCommand >> 4 != 2 || body > V2_LONGEST_BODY) {
      throw new BadHeaderException("PROXY header of an unknown version, or too long");
    }
    if (in.readableBytes() < V2_HEAD + body) {
      return null;
    }
    int addressBytes = family == IPV4 ? 4 : family == IPV6 ? 16 : 0;
    boolean local = (versionAndCommand & 0x0f) == 0;
    if (!local && body < 2 * addressBytes) {
      throw new BadHeaderException("PROXY header without its addresses");
    }
    byte[] address = ByteBufUtil.getBytes(in, at + V2_HEAD, addressBytes);
    in.skipBytes(V2_HEAD + body);
    return local || addressBytes == 0 ? own : InetAddress.getByAddress(address);
  }
}
