package org.adit.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections. On a loopback target they come from many addresses of 127.0.0.0/8: pools limit
 * connections by address, and one address has only some 28 000 ports.
 */
final class Connector implements AutoCloseable {
  private static final int CONNECT_MILLIS = 30_000;
  private static final int PER_NETWORK = 250;

  private final LoadOptions options;
  private final EventLoopGroup loops;
  private final Bootstrap bootstrap;
  private final AtomicInteger opened = new AtomicInteger();

  Connector(LoadOptions options) {
    this.options = options;
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            options.eventLoops(), new DefaultThreadFactory("load", true), io);
    this.bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    if (epoll) {
      bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    }
  }

  EventLoopGroup loops() {
    return loops;
  }

  /**
   * Opens a connection.
   *
   * @param failed told why when it does not open; on an event loop
   */
  void open(LoadConnection connection, java.util.function.Consumer<String> failed) {
    Bootstrap mine =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(connection);
                  }
                });
    InetSocketAddress source = source(opened.getAndIncrement());
    var connecting =
        source == null ? mine.connect(options.target()) : mine.connect(options.target(), source);
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        Throwable cause = done.cause();
        failed.accept("did not connect: " + (cause == null ? "unknown" : cause.getMessage()));
      }
    });
  }

  private @Nullable InetSocketAddress source(int index) {
    byte[] target = options.target().getAddress().getAddress();
    if (target.length != 4 || target[0] != 127 || options.sources() == 1) {
      return null;
    }
    int place = index % options.sources();
    byte[] address = {127, 0, (byte) (1 + place / PER_NETWORK), (byte) (1 + place % PER_NETWORK)};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
