package org.adit.pool.stratum.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.Session;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.stratum.StratumLimits;
import org.adit.pool.stratum.TokenBucket;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Stratum V1 connection: takes lines in order, holds the sender to its limits, and writes what
 * {@link V1Miner} answers. Everything runs on the connection's event loop.
 */
public final class V1Session extends SimpleChannelInboundHandler<ByteBuf> implements Session {
  private static final Logger LOG = LoggerFactory.getLogger(V1Session.class);
  private static final int MAX_MALFORMED = 10;
  private static final long CANDIDATES_PAUSE_MILLIS = 20;
  private static final int MAX_OPEN_REPLIES = 4_096;
  private static final long LAST_BYTES_MILLIS = 2_000;
  private static final long NOT_NOTIFYING = Long.MIN_VALUE;

  private static final int OUTPUT_BYTES = 256;

  private final V1Loop loop;
  private final InetAddress address;
  private final SessionContext context;
  private final StratumLimits limits;
  private final V1Miner miner;
  private final TokenBucket bucket;
  private final TokenBucket greeting;
  private final long connectedAtMillis;
  private final LongUnaryOperator unfinishedLine;
  private @Nullable ChannelHandlerContext channel;
  // Nearly always empty, and then absent: idle connections come in ten thousands.
  private @Nullable ArrayDeque<byte[]> backlog;
  private @Nullable ByteBuf output;
  private boolean inTurn;
  private long notifyingSinceMillis = NOT_NOTIFYING;
  private boolean held;
  private int messages;
  private int malformed;
  private long heldBackSinceMillis;
  private boolean closing;

  /**
   * A session that has not begun.
   *
   * @param loop what sessions of the event loop share
   * @param listener the port it came by
   * @param address where the miner is
   * @param unfinishedLine given the time, how long a line has been waiting for its end
   */
  public V1Session(
      V1Loop loop,
      ListenerSettings listener,
      InetAddress address,
      LongUnaryOperator unfinishedLine) {
    super(true);
    this.loop = loop;
    this.address = address;
    this.unfinishedLine = unfinishedLine;
    this.context = loop.context();
    this.limits = context.limits();
    long now = context.channels().clock().millis();
    this.connectedAtMillis = now;
    this.bucket = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), now);
    this.greeting =
        new TokenBucket(
            limits.messagesPerSecondBeforeSubscribe(),
            limits.messagesPerSecondBeforeSubscribe(),
            now);
    this.miner = new V1Miner(loop, listener, this, new ReplyQueue(new Lines()));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx;
    context.sessions().add(this);
    context.channels().counters().connections(1);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    leave();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
    if (closing || !line.isReadable()) {
      return;
    }
    if (backlog == null && !held && mayTakeNext()) {
      int length = line.readableBytes();
      byte[] bytes = loop.lineBytes();
      line.readBytes(bytes, 0, length);
      handle(bytes, length);
    } else {
      if (backlog == null) {
        backlog = new ArrayDeque<>();
      }
      backlog.add(ByteBufUtil.getBytes(line));
    }
    work();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!ctx.channel().isWritable()) {
      close("reads too slowly: more than " + limits.unsentBytes() + " bytes unsent");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      close("sent a line longer than " + limits.lineBytes() + " bytes");
    } else if (cause instanceof IOException) {
      close("connection lost");
    } else {
      LOG.error("session of {} failed", ctx.channel().remoteAddress(), cause);
      close("internal error");
    }
  }

  @Override
  public void onWork(Work work) {
    miner.onWork(work);
    // Not with the end of the turn: the first of ten thousand need not wait for the last.
    flush();
  }

  @Override
  public void onTick(long nowMillis) {
    long age = nowMillis - connectedAtMillis;
    if (!miner.subscribed() && age > limits.subscribeMillis()) {
      close("did not subscribe in time");
    } else if (!miner.authorized() && age > limits.authorizeMillis()) {
      close("did not authorise in time");
    } else if (nowMillis - Math.max(connectedAtMillis, miner.lastAcceptedMillis())
        > limits.silentMillis()) {
      close("sent no accepted share for too long");
    } else if (unfinishedLine.applyAsLong(nowMillis) > limits.unfinishedLineMillis()) {
      close("did not finish a line in time");
    } else if (heldBackSinceMillis != 0
        && nowMillis - heldBackSinceMillis > limits.overloadMillis()) {
      close("sends faster than its limit for too long");
    } else if (notifyingSinceMillis != NOT_NOTIFYING
        && nowMillis - notifyingSinceMillis > limits.overloadMillis()) {
      close("has not read its last job for too long");
    } else {
      miner.onTick(nowMillis);
    }
  }

  @Override
  public void show(String text) {
    miner.show(text);
    flush();
  }

  @Override
  public void sendAway() {
    miner.sendAway();
    flush();
  }

  @Override
  public void close(String reason) {
    ChannelHandlerContext ctx = channel;
    if (closing || ctx == null) {
      return;
    }
    flush();
    closing = true;
    backlog = null;
    LOG.debug("closing {}: {}", ctx.channel().remoteAddress(), reason);
    if (!ctx.channel().isWritable()) {
      var _ = ctx.close();
      return;
    }
    var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    // Whoever does not read never takes the last bytes, and must not stay connected for that.
    Runnable giveUp =
        () -> {
          var _ = ctx.close();
        };
    var _ = ctx.executor().schedule(giveUp, LAST_BYTES_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Stops taking lines until the stage is complete; its outcome is handled on the event loop. */
  <T> void await(CompletionStage<T> stage, Consumer<T> onValue, Consumer<Throwable> onError) {
    held = true;
    stage.whenComplete((value, error) ->
        context
            .channels()
            .loop()
            .execute(() -> {
              held = false;
              if (!closing) {
                if (error == null) {
                  onValue.accept(value);
                } else {
                  onError.accept(error);
                }
                work();
              }
            }));
  }

  /** Stops taking lines for a while, then runs a task and goes on. */
  void pause(long millis, Runnable then) {
    held = true;
    schedule(
        millis,
        () -> {
          held = false;
          then.run();
        });
  }

  private void work() {
    ArrayDeque<byte[]> waiting = backlog;
    while (waiting != null && !waiting.isEmpty() && !held && !closing && mayTakeNext()) {
      byte[] line = waiting.remove();
      handle(line, line.length);
    }
    if (waiting != null && waiting.isEmpty()) {
      backlog = null;
    }
    ChannelHandlerContext ctx = channel;
    if (ctx != null && !closing) {
      // What is not read stays in the sender's socket: that is the only queue that may grow.
      boolean read = backlog == null && !held;
      if (ctx.channel().config().isAutoRead() != read) {
        ctx.channel().config().setAutoRead(read);
      }
      if (backlog == null) {
        heldBackSinceMillis = 0;
      }
    }
  }

  private boolean mayTakeNext() {
    long now = context.channels().clock().millis();
    if (!context.channels().gate().hasRoom() || miner.openReplies() > MAX_OPEN_REPLIES) {
      held = true;
      context
          .channels()
          .gate()
          .whenRoom(() -> {
            held = false;
            work();
          });
      return false;
    }
    if (!context.channels().candidates().hasRoom()) {
      pause(CANDIDATES_PAUSE_MILLIS, () -> {});
      return false;
    }
    if (!miner.subscribed()
        && (++messages > limits.messagesBeforeSubscribe() || !greeting.take(now))) {
      close("sent too much before subscribing");
      return false;
    }
    if (miner.authorized() && !bucket.take(now)) {
      heldBackSinceMillis = heldBackSinceMillis == 0 ? now : heldBackSinceMillis;
      pause(Math.max(10, bucket.millisUntilToken()), () -> {});
      return false;
    }
    return true;
  }

  private void handle(byte[] line, int length) {
    SubmitLine share = loop.submitLine();
    if (share.read(line, length) && miner.submit(share)) {
      return;
    }
    try {
      miner.handle(loop.parser().parse(line, length));
    } catch (V1FormatException e) {
      miner.malformed(e.id(), String.valueOf(e.getMessage()));
      if (e.fatal() || ++malformed > MAX_MALFORMED) {
        close("sent malformed lines");
      }
    }
  }

  private void schedule(long millis, Runnable task) {
    ChannelHandlerContext ctx = channel;
    if (ctx != null) {
      var _ =
          ctx.executor()
              .schedule(
                  () -> {
                    if (!closing) {
                      task.run();
                      work();
                    }
                  },
                  millis,
                  TimeUnit.MILLISECONDS);
    }
  }

  // ---- output ----

  private final class Lines implements ReplyQueue.Output {
    @Override
    public void line(byte[] line) {
      V1Session.this.line(line);
    }

    @Override
    public void accepted(Object id) {
      if (id instanceof Long number) {
        V1Encoder.writeAccepted(output(), number);
      } else {
        V1Session.this.line(V1Encoder.result(id, "true"));
      }
    }

    @Override
    public void notification() {
      miner.writeOwedJob();
    }
  }

  /** Puts a line behind what is to be written at the end of this turn. */
  void line(byte[] line) {
    if (line.length > 0) {
      output().writeBytes(line);
    }
  }

  /** Where the miner is. */
  InetAddress address() {
    return address;
  }

  /** Whether a job is still on its way to a slow reader; another must not be put behind it. */
  boolean isNotifying() {
    return notifyingSinceMillis != NOT_NOTIFYING;
  }

  /**
   * Puts a job behind what is to be written, in the same write.
   *
   * @param line encoded; its ownership goes to the session
   */
  void sendNotify(ByteBuf line) {
    ChannelHandlerContext ctx = channel;
    if (ctx == null || closing) {
      line.release();
      return;
    }
    joinTurn();
    writeOutput(ctx);
    notifyingSinceMillis = context.channels().clock().millis();
    ctx.write(line)
        .addListener(sent -> {
          notifyingSinceMillis = NOT_NOTIFYING;
          if (sent.isSuccess()) {
            miner.writeOwedJob();
          }
        });
  }

  /** Writes what has been collected, in one go. */
  void flush() {
    inTurn = false;
    ChannelHandlerContext ctx = channel;
    if (ctx != null && !closing) {
      writeOutput(ctx);
      ctx.flush();
    }
  }

  private void writeOutput(ChannelHandlerContext ctx) {
    ByteBuf collected = output;
    if (collected != null) {
      output = null;
      var _ = ctx.write(collected, ctx.voidPromise());
    }
  }

  private ByteBuf output() {
    ByteBuf collected = output;
    if (collected == null) {
      ChannelHandlerContext ctx = channel;
      if (ctx == null || closing) {
        return Unpooled.buffer(OUTPUT_BYTES); // nobody is left to read it
      }
      collected = ctx.alloc().directBuffer(OUTPUT_BYTES);
      output = collected;
      joinTurn();
    }
    return collected;
  }

  private void joinTurn() {
    if (!inTurn) {
      inTurn = true;
      loop.turn().add(this);
    }
  }

  private void leave() {
    if (channel != null) {
      channel = null;
      closing = true;
      backlog = null;
      if (output != null) {
        output.release();
        output = null;
      }
      context.sessions().remove(this);
      context.channels().counters().connections(-1);
      miner.release();
    }
  }
}
