package org.adit.pool.bitcoind;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Listens to bitcoind's ZMQ {@code hashblock} messages (Stratum V1 specification 6.4). They may be
 * lost, so they are only hints; a gap in their numbers is told too. Reconnects by itself.
 */
final class TipSubscriber implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TipSubscriber.class);
  private static final String TOPIC = "hashblock";

  /** How soon {@link #close} is noticed. */
  private static final int RECEIVE_MILLIS = 250;

  private static final int RECONNECT_MILLIS = 250;
  private static final int RECONNECT_MAX_MILLIS = 5_000;

  /**
   * JeroMQ 0.6 leaves one fresh connection in about thirty without a greeting (seen against a real
   * node; its pull request 1022 names the cause), until this timer makes it connect again. Its own
   * default is 30 s.
   */
  private static final int HANDSHAKE_MILLIS = 1_000;

  /** Finds out when a node vanished without closing the connection. */
  private static final int HEARTBEAT_MILLIS = 10_000;

  private static final int QUEUED_MESSAGES = 64;
  private static final int MAX_MESSAGE_BYTES = 1_024;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final String endpoint;
  private final Consumer<Hash256> onTip;
  private final Runnable onGap;
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Integer lastSequence;

  /**
   * Connects in the background.
   *
   * @param endpoint {@code tcp://host:port}
   * @param onTip gets the hash of each new tip
   * @param onGap runs when messages were lost or the node restarted
   */
  TipSubscriber(String endpoint, Consumer<Hash256> onTip, Runnable onGap) {
    this.endpoint = endpoint;
    this.onTip = onTip;
    this.onGap = onGap;
    // JeroMQ waits in a selector, which would hold a carrier thread.
    this.thread = Thread.ofPlatform().daemon().name("bitcoind-zmq").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try (ZContext context = new ZContext(1)) {
      context.setLinger(0);
      ZMQ.Socket socket = context.createSocket(SocketType.SUB);
      socket.setReceiveTimeOut(RECEIVE_MILLIS);
      socket.setReconnectIVL(RECONNECT_MILLIS);
      socket.setReconnectIVLMax(RECONNECT_MAX_MILLIS);
      socket.setHandshakeIvl(HANDSHAKE_MILLIS);
      socket.setHeartbeatIvl(HEARTBEAT_MILLIS);
      socket.setHeartbeatTimeout(HEARTBEAT_MILLIS);
      socket.setRcvHWM(QUEUED_MESSAGES);
      socket.setMaxMsgSize(MAX_MESSAGE_BYTES);
      socket.subscribe(TOPIC);
      socket.connect(endpoint);
      while (!closed) {
        byte[] topic = socket.recv();
        if (topic != null) {
          receive(socket);
        }
      }
    } catch (ZMQException | IllegalArgumentException e) {
      // Long poll and poll go on; this only makes learning of a block slower.
      LOG.warn(
          "ZMQ {} cannot be used ({}); new blocks are learned by long poll",
          endpoint,
          e.getMessage());
    }
  }

  private void receive(ZMQ.Socket socket) {
    byte[] hash = socket.hasReceiveMore() ? socket.recv() : new byte[0];
    byte[] number = socket.hasReceiveMore() ? socket.recv() : new byte[0];
    while (socket.hasReceiveMore()) {
      var _ = socket.recv();
    }
    if (hash == null
        || hash.length != Hash256.BYTES
        || number == null
        || number.length != Integer.BYTES) {
      onGap.run(); // Not what bitcoind sends: ask it instead.
      return;
    }
    int sequence = ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).getInt();
    Integer last = lastSequence;
    lastSequence = sequence;
    // bitcoind sends the hash as people read it, most significant byte first.
    onTip.accept(
        Hash256.ofDisplayHex(HexFormat.of().formatHex(Arrays.copyOf(hash, Hash256.BYTES))));
    if (last != null && sequence != last + 1) {
      onGap.run();
    }
  }

  /** Ends within a few seconds at most. */
  @Override
  public void close() {
    closed = true;
    if (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        if (!thread.join(CLOSE_LIMIT)) {
          LOG.warn("the ZMQ thread did not end within {} s", CLOSE_LIMIT.toSeconds());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
