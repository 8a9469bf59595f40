package org.adit.pool.web.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on threads of its own, so that nothing asked of it is asked of the threads that
 * serve miners. Handlers run on a few workers with a bounded queue.
 */
public final class WebServer implements AutoCloseable {
  private static final int LINE_BYTES = 8_192;
  private static final int HEADER_BYTES = 16_384;
  private static final int BODY_BYTES = 65_536;
  private static final int IDLE_SECONDS = 75;
  private static final int BEAT_SECONDS = 15;
  private static final int WORKERS = 4;
  private static final int QUEUED = 512;
  private static final int UNSENT_BYTES = 1 << 20;
  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup loops;
  private final ThreadPoolExecutor work;
  private final EventStreams streams;
  private final Front front;
  private final WebSettings settings;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Channel> ports = new ArrayList<>();

  /**
   * Makes a server; nothing listens yet.
   *
   * @param handler answers everything
   */
  public WebServer(WebSettings settings, Handler handler) {
    this.settings = settings;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("web", true), NioIoHandler.newFactory());
    this.work =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUED),
            Thread.ofPlatform().name("web-work-", 0).daemon().factory());
    this.streams = new EventStreams(settings.streams());
    this.front = new Front(settings, handler, work, streams);
    var _ =
        loops.scheduleWithFixedDelay(streams::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
  }

  /** Readers of events. */
  public EventStreams streams() {
    return streams;
  }

  /**
   * Opens a port.
   *
   * @return where it listens
   * @throws IOException when the address cannot be bound, naming it
   */
  public InetSocketAddress listen(String host, int port) throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(UNSENT_BYTES / 2, UNSENT_BYTES))
            .childHandler(new Initializer())
            .bind(host, port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "the web server cannot listen on "
              + host
              + ":"
              + port
              + " (is another program using the port? see web.port)",
          bound.cause());
    }
    synchronized (ports) {
      ports.add(bound.channel());
    }
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** Closes ports and connections. */
  @Override
  public void close() {
    synchronized (ports) {
      ports.forEach(port -> port.close().awaitUninterruptibly());
    }
    work.shutdownNow();
    loops
        .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  private final class Initializer extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      int open = connections.incrementAndGet();
      channel.closeFuture().addListener(done -> connections.decrementAndGet());
      if (open > settings.connections()) {
        var _ = channel.close();
        return;
      }
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(LINE_BYTES, HEADER_BYTES, LINE_BYTES),
              new HttpObjectAggregator(BODY_BYTES, true),
              new IdleStateHandler(0, 0, IDLE_SECONDS),
              new Connection(front));
    }
  }
}
