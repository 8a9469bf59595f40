package org.adit.pool.web.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes requests one after the other, has them answered elsewhere, writes the
 * answers in order. Runs on the connection's event loop.
 */
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int MOST_WAITING = 32;

  private record Asked(Request request, boolean keepAlive, boolean headOnly) {}

  private final Front front;
  private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
  private boolean busy;
  private boolean streaming;

  Connection(Front front) {
    this.front = front;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
    if (streaming || waiting.size() >= MOST_WAITING) {
      var _ = ctx.close();
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    boolean head = message.method().equals(HttpMethod.HEAD);
    Request request;
    try {
      if (message.decoderResult().isFailure()) {
        throw new HttpException(400, "the request is not HTTP as it should be");
      }
      request = read(ctx, message, head);
    } catch (HttpException e) {
      write(ctx, new Asked(nobody(ctx), false, head), e.reply());
      return;
    }
    waiting.add(new Asked(request, keepAlive, head));
    next(ctx);
  }

  private static Request read(ChannelHandlerContext ctx, FullHttpRequest message, boolean head)
      throws HttpException {
    Map<String, String> headers = new TreeMap<>();
    for (Map.Entry<String, String> header : message.headers()) {
      headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
    }
    Target target = Target.parse(message.uri());
    return new Request(
        head ? "GET" : message.method().name(),
        target.segments(),
        target.query(),
        headers,
        ByteBufUtil.getBytes(message.content()),
        ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress(),
        ((InetSocketAddress) ctx.channel().localAddress()).getPort(),
        false);
  }

  private static Request nobody(ChannelHandlerContext ctx) {
    return new Request(
        "GET",
        List.of(),
        Map.of(),
        Map.of(),
        new byte[0],
        ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress(),
        ((InetSocketAddress) ctx.channel().localAddress()).getPort(),
        false);
  }

  private void next(ChannelHandlerContext ctx) {
    Asked asked = busy ? null : waiting.poll();
    if (asked == null) {
      return;
    }
    busy = true;
    front.answer(
        asked.request(),
        answer ->
            ctx.executor()
                .execute(() -> {
                  busy = false;
                  switch (answer) {
                    case Reply reply -> write(ctx, asked, reply);
                    case Answer.Stream stream -> stream(ctx, asked, stream);
                  }
                  next(ctx);
                }));
  }

  private void write(ChannelHandlerContext ctx, Asked asked, Reply reply) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status(), Reply.title(reply.status())),
            asked.headOnly() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()));
    HttpHeaders headers = response.headers();
    front.headers(asked.request(), headers);
    // Added, not set: what an answer varies with may come from both.
    reply.headers().forEach(headers::add);
    if (reply.status() != 304) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    headers.set(
        HttpHeaderNames.CONNECTION,
        asked.keepAlive() ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    ChannelFuture written = ctx.writeAndFlush(response);
    if (!asked.keepAlive()) {
      var _ = written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void stream(ChannelHandlerContext ctx, Asked asked, Answer.Stream stream) {
    if (!front.streams().hasRoom()) {
      write(ctx, asked, Reply.problem(503, "too many event streams are open; see web.streams"));
      return;
    }
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    front.headers(asked.request(), head.headers());
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Accel-Buffering", "no")
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    streaming = true;
    var _ = ctx.writeAndFlush(head);
    front.streams().add(ctx.channel(), stream.operator());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // A stream has nothing to say for hours; it is ended when it does not take what is sent.
    if (event instanceof IdleStateEvent && !streaming) {
      var _ = ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("a web connection was lost", cause);
    } else {
      LOG.warn("a web connection failed", cause);
    }
    var _ = ctx.close();
  }
}
