package org.adit.pool.stratum;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.adit.pool.stratum.v1.V1Loop;
import org.adit.pool.stratum.v1.V1Session;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for miners and keeps their sessions on event loops: epoll where the system has it, NIO
 * elsewhere. A connection lives on one loop and its state is touched there only.
 */
public final class StratumServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StratumServer.class);
  private static final int BACKLOG = 4_096;
  private static final int KEEPALIVE_IDLE_SECONDS = 60;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  private static final int KEEPALIVE_PROBES = 3;
  private static final long CLOSE_SECONDS = 5;
  private static final long QUIET_MILLIS = 10_000;

  private final EventLoopGroup loops;
  private final Map<EventLoop, SessionContext> contexts = new LinkedHashMap<>();
  private final Map<EventLoop, V1Loop> v1Loops = new LinkedHashMap<>();
  private final List<Channel> listeners = new ArrayList<>();
  private final List<TlsKeys> allKeys = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final StratumLimits limits;
  private final Clock clock;
  private final AddressLimits addresses;

  /**
   * Starts the event loops; nothing listens yet.
   *
   * @param threads event loops, usually one for each core
   * @param limits bounds on connections
   * @param clock wall clock
   * @param contexts makes what the sessions of one loop share, given a way to run tasks on it
   */
  public StratumServer(
      int threads, StratumLimits limits, Clock clock, Function<Executor, SessionContext> contexts) {
    this.limits = limits;
    this.clock = clock;
    this.addresses = new AddressLimits(limits.connectionsPerIp(), limits.acceptsPerSecondPerIp());
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("stratum"), io);
    for (int i = 0; i < threads; i++) {
      EventLoop loop = loops.next();
      SessionContext context = contexts.apply(loop);
      this.contexts.put(loop, context);
      this.v1Loops.put(loop, new V1Loop(context, ByteBufAllocator.DEFAULT));
      var _ = loop.scheduleAtFixedRate(() -> tick(context), 1, 1, TimeUnit.SECONDS);
    }
  }

  /**
   * Opens a port.
   *
   * @return where it listens, with the real port when the settings said 0
   * @throws IOException when the address cannot be bound, naming it
   */
  public InetSocketAddress listen(ListenerSettings settings) throws IOException {
    TlsKeys keys = settings.tls().isPresent() ? new TlsKeys(settings.tls().get()) : null;
    Class<? extends ServerSocketChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(limits.unsentBytes() / 2, limits.unsentBytes()))
            .childHandler(new Initializer(settings, keys));
    if (Epoll.isAvailable()) {
      bootstrap
          .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
    }
    var bound = bootstrap.bind(settings.host(), settings.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + " (is another program using the port, or the address not this machine's?)",
          bound.cause());
    }
    synchronized (listeners) {
      listeners.add(bound.channel());
      if (keys != null) {
        allKeys.add(keys);
      }
    }
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** Sends new work to every session that mines. Returns at once. */
  public void broadcast(Work work) {
    contexts.forEach((loop, context) ->
        loop.execute(() -> context.sessions().forEach(session -> session.onWork(work))));
  }

  /**
   * Shows every miner a line, if it can show one. Returns at once.
   *
   * @param text printable ASCII, at most {@link Session#MAX_MESSAGE} characters
   * @throws IllegalArgumentException when it is anything else
   */
  public void show(String text) {
    boolean printable = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    if (text.isBlank() || text.length() > Session.MAX_MESSAGE || !printable) {
      throw new IllegalArgumentException(
          "a message to miners is one line of 1 to "
              + Session.MAX_MESSAGE
              + " printable ASCII characters");
    }
    contexts.forEach((loop, context) ->
        loop.execute(() -> context.sessions().forEach(session -> session.show(text))));
  }

  /**
   * Asks every miner to connect anew, spread over some time so that they do not come back all at
   * once: for emptying a node before work on it. Those that stay can be disconnected later.
   *
   * @param overSeconds 0 to 3 600
   */
  public void sendAway(int overSeconds) {
    if (overSeconds < 0 || overSeconds > 3_600) {
      throw new IllegalArgumentException(
          "miners are sent away over " + overSeconds + " s (expected: 0 to 3600)");
    }
    contexts.forEach((loop, context) ->
        loop.execute(() -> {
          List<Session> sessions = new ArrayList<>();
          context.sessions().forEach(sessions::add);
          long stepMicros = overSeconds * 1_000_000L / Math.max(1, sessions.size());
          for (int i = 0; i < sessions.size(); i++) {
            var _ = loop.schedule(sessions.get(i)::sendAway, i * stepMicros, TimeUnit.MICROSECONDS);
          }
        }));
  }

  /**
   * Closes every session, so that miners go to their next pool. The ports stay open.
   *
   * @param reason for the log
   */
  public void disconnectAll(String reason) {
    contexts.forEach((loop, context) ->
        loop.execute(() -> context.sessions().forEach(session -> session.close(reason))));
  }

  /** Takes renewed certificates; looks at files, so not for event loops. */
  public void reloadCertificates() {
    List<TlsKeys> now;
    synchronized (listeners) {
      now = List.copyOf(allKeys);
    }
    now.forEach(TlsKeys::reloadIfChanged);
  }

  /** Open connections. */
  public int connections() {
    return connections.get();
  }

  /** Stops accepting connections; those there are stay. */
  public void stopListening() {
    synchronized (listeners) {
      listeners.forEach(listener -> listener.close().awaitUninterruptibly());
      listeners.clear();
      allKeys.clear();
    }
  }

  /** Closes ports and sessions and ends the event loops, within a few seconds. */
  @Override
  public void close() {
    stopListening();
    CountDownLatch closed = new CountDownLatch(contexts.size());
    contexts.forEach((loop, context) ->
        loop.execute(() -> {
          context.sessions().forEach(session -> session.close("the pool stops"));
          Objects.requireNonNull(v1Loops.get(loop)).close();
          closed.countDown();
        }));
    try {
      if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("an event loop did not close its sessions in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops
        .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  private void tick(SessionContext context) {
    long now = clock.millis();
    context.sessions().forEach(session -> session.onTick(now));
    addresses.forgetIdle(now, QUIET_MILLIS);
  }

  private final class Initializer extends ChannelInitializer<SocketChannel> {
    private final ListenerSettings settings;
    private final @Nullable TlsKeys keys;

    Initializer(ListenerSettings settings, @Nullable TlsKeys keys) {
      this.settings = settings;
      this.keys = keys;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      int open = connections.incrementAndGet();
      channel.closeFuture().addListener(done -> connections.decrementAndGet());
      if (open > limits.connections()) {
        LOG.warn("refusing {}: {} connections are open", channel.remoteAddress(), open - 1);
        var _ = channel.close();
        return;
      }
      V1Loop v1 = v1Loops.get(channel.eventLoop());
      SessionContext context = contexts.get(channel.eventLoop());
      if (context == null || v1 == null) {
        throw new IllegalStateException("a connection came on an unknown event loop");
      }
      InetAddress address = channel.remoteAddress().getAddress();
      Visit visit = new Visit(channel, context, v1, address);
      if (settings.proxies().holds(address)) {
        channel.pipeline().addLast(new ProxyHeader(visit::comesFrom));
      } else if (!visit.enter()) {
        return;
      }
      channel.pipeline().addLast(new FirstBytes(visit));
      // Nobody may hold a connection without a word: V1Session's own timer begins with it.
      context.sessions().add(new SilentConnection(channel, context, clock.millis()));
    }

    /** One connection on its way to a session. */
    private final class Visit implements FirstBytes.Protocols {
      private final SocketChannel channel;
      private final SessionContext context;
      private final V1Loop v1;
      private InetAddress address;

      Visit(SocketChannel channel, SessionContext context, V1Loop v1, InetAddress address) {
        this.channel = channel;
        this.context = context;
        this.v1 = v1;
        this.address = address;
      }

      void comesFrom(InetAddress miner) {
        address = miner;
        enter();
      }

      boolean enter() {
        if (context.bans().isBanned(address) || !addresses.enter(address, clock.millis())) {
          LOG.debug("refusing {}: kept out, too many or too fast", address);
          var _ = channel.close();
          return false;
        }
        channel.closeFuture().addListener(done -> addresses.leave(address));
        return true;
      }

      @Override
      public void speakV1(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        LineDecoder lines = new LineDecoder(limits.lineBytes(), clock::millis);
        pipeline.addLast(lines);
        pipeline.addLast(new V1Session(v1, settings, address, lines::unfinishedMillis));
      }

      @Override
      public boolean speakTls(ChannelHandlerContext ctx) {
        if (keys == null || ctx.pipeline().get(SslHandler.class) != null) {
          return false;
        }
        SslHandler tls = keys.context().newHandler(ctx.alloc());
        // Small devices take seconds for the arithmetic.
        tls.setHandshakeTimeoutMillis(limits.subscribeMillis());
        ctx.pipeline().addLast(tls);
        ctx.pipeline().addLast(new FirstBytes(this));
        return true;
      }
    }
  }
}
