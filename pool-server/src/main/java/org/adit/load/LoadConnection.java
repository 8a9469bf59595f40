package org.adit.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** One connection of the generator. Everything but the stock is touched on its event loop only. */
final class LoadConnection extends ChannelInboundHandlerAdapter {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST_LINE = 1 << 20;
  private static final long SUBSCRIBE = 1;
  private static final long AUTHORIZE = 2;
  private static final long FIRST_SHARE = 16;

  /** Unanswered shares remembered; beyond it the pool is asked no more until it answers. */
  private static final int OUTSTANDING = 1_024;

  private final LoadRun run;
  private final LoadOptions options;
  private final long dueNanos;
  private final String user;
  private final ShareStock stock = new ShareStock();
  private final long[] due = new long[OUTSTANDING];
  private final byte[] submitHead;
  private volatile @Nullable ChannelHandlerContext channel;
  private byte[] line = new byte[2_048];
  private int lineLength;
  private byte[] extranonce1 = new byte[0];
  private volatile int extranonce2Bytes;
  private Target target = Difficulty.of(1).target();
  private @Nullable String previous;
  private long nextId = FIRST_SHARE;
  private final AtomicInteger outstanding = new AtomicInteger();
  private boolean working;
  private boolean leaving;
  private boolean dirty;

  /**
   * @param index among the connections of the run, from 0
   * @param dueNanos when it was due to connect
   */
  LoadConnection(LoadRun run, LoadOptions options, int index, long dueNanos) {
    this.run = run;
    this.options = options;
    this.dueNanos = dueNanos;
    this.user = options.user(index);
    this.submitHead =
        (",\"method\":\"mining.submit\",\"params\":[\"" + user + "\",\"")
            .getBytes(StandardCharsets.UTF_8);
  }

  ShareStock stock() {
    return stock;
  }

  int extranonce2Bytes() {
    return extranonce2Bytes;
  }

  long dueNanos() {
    return dueNanos;
  }

  int outstanding() {
    return outstanding.get();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx;
    String hello =
        "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"adit-bench/1\"]}\n"
            + "{\"id\":2,\"method\":\"mining.authorize\",\"params\":["
            + JSON.writeValueAsString(user)
            + ","
            + JSON.writeValueAsString(options.password())
            + "]}\n";
    var _ = ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), hello));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    long now = System.nanoTime();
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable()) {
        int end = bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), (byte) '\n');
        int count = (end < 0 ? bytes.writerIndex() : end) - bytes.readerIndex();
        append(bytes, count);
        if (end >= 0) {
          bytes.skipBytes(1);
          int length = lineLength;
          lineLength = 0;
          onLine(length, now);
        }
      }
    } catch (IllegalArgumentException | JacksonException e) {
      leave("sent what is no Stratum V1: " + e.getClass().getSimpleName());
    } finally {
      bytes.release();
    }
  }

  private void append(ByteBuf bytes, int count) {
    if (lineLength + count > line.length) {
      if (lineLength + count > LONGEST_LINE) {
        throw new IllegalArgumentException("a line of more than a megabyte");
      }
      line = java.util.Arrays.copyOf(line, Math.max(2 * line.length, lineLength + count));
    }
    bytes.readBytes(line, lineLength, count);
    lineLength += count;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    channel = null;
    run.ended(this, working, leaving);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    leave("connection lost: " + cause.getMessage());
  }

  // ---- what the pool says ----

  private void onLine(int length, long now) {
    if (!PoolLine.isCall(line, length)) {
      onReply(length, now);
    } else if (PoolLine.isNotify(line, length)) {
      onNotify(length, now);
    } else {
      onCall(parse(length));
    }
  }

  private JsonNode parse(int length) {
    return JSON.readTree(line, 0, length);
  }

  private void onReply(int length, long now) {
    long id = PoolLine.id(line, length);
    if (id >= FIRST_SHARE) {
      onShareReply(id, length, now);
    } else if (id == SUBSCRIBE) {
      JsonNode result = parse(length).path("result");
      extranonce1 = HexFormat.of().parseHex(result.path(1).asString(""));
      extranonce2Bytes = result.path(2).asInt(0);
      if (extranonce2Bytes < 1 || extranonce2Bytes > 32) {
        leave("subscribe was refused: " + words(parse(length)));
      }
    } else if (id == AUTHORIZE && !PoolLine.isTrue(line, length)) {
      leave("authorize was refused: " + words(parse(length)));
    }
  }

  private void onShareReply(long id, int length, long now) {
    if (id >= nextId || id < nextId - OUTSTANDING) {
      return;
    }
    int place = (int) (id % OUTSTANDING);
    long when = due[place];
    if (when == 0) {
      return;
    }
    due[place] = 0;
    outstanding.decrementAndGet();
    if (PoolLine.isTrue(line, length)) {
      run.tally().accepted(when, now);
    } else {
      String words = words(parse(length));
      run.tally().rejected(when, now, words);
      if (words.startsWith("stale") && run.tally().counts(when)) {
        run.news().refused(when, now, words);
      }
    }
    run.answered(this);
  }

  private void onNotify(int length, long now) {
    String hash = PoolLine.secondParameter(line, length);
    if (hash != null && !hash.equals(previous)) {
      if (previous != null) {
        run.news().heard(now);
        run.blocks().heard(hash, now);
      }
      previous = hash;
    }
    if (options.mode() == LoadMode.SHARES) {
      JsonNode params = parse(length).path("params");
      LoadJob job = LoadJob.of(params, extranonce1, target, now);
      stock.job(job, params.path(8).asBoolean(false));
    }
    if (!working && extranonce2Bytes > 0) {
      working = true;
      run.working(this, now);
    }
  }

  private void onCall(JsonNode call) {
    if (call.path("method").asString("").equals("mining.set_difficulty")) {
      BigDecimal difficulty = call.path("params").path(0).decimalValue();
      target = Difficulty.of(difficulty).target();
    }
  }

  private static String words(JsonNode reply) {
    JsonNode error = reply.path("error");
    String text = error.path(1).asString(error.path("message").asString(""));
    if (text.isEmpty()) {
      text = reply.path("reject-reason").asString("no reason given");
    }
    StringBuilder printable = new StringBuilder();
    text.chars().limit(80).forEach(c -> printable.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
    return printable.toString();
  }

  // ---- what the generator says ----

  /** Whether another share may be sent before an answer comes. */
  boolean maySend() {
    return channel != null
        && outstanding.get() < OUTSTANDING
        && due[(int) (nextId % OUTSTANDING)] == 0;
  }

  /**
   * Sends a share if one was found; it goes out with the next {@link #flush}.
   *
   * @param when it was due
   * @return false when there was none
   */
  boolean send(long when) {
    ChannelHandlerContext ctx = channel;
    if (ctx == null || !stock.advance(System.nanoTime())) {
      return false;
    }
    ShareStock.Batch batch = stock.batch();
    ByteBuf out = ctx.alloc().directBuffer(256);
    long id = nextId++;
    ByteBufUtil.writeAscii(out, "{\"id\":");
    ByteBufUtil.writeAscii(out, Long.toString(id));
    out.writeBytes(submitHead);
    ByteBufUtil.writeAscii(out, batch.job().id());
    ByteBufUtil.writeAscii(out, "\",\"");
    ByteBufUtil.writeAscii(out, batch.extranonce2());
    ByteBufUtil.writeAscii(out, "\",\"");
    ByteBufUtil.writeAscii(out, HexFormat.of().toHexDigits(batch.job().time()));
    ByteBufUtil.writeAscii(out, "\",\"");
    ByteBufUtil.writeAscii(out, HexFormat.of().toHexDigits(stock.nonce()));
    ByteBufUtil.writeAscii(out, "\"]}\n");
    due[(int) (id % OUTSTANDING)] = when == 0 ? 1 : when;
    outstanding.incrementAndGet();
    run.tally().sent(when);
    dirty = true;
    var _ = ctx.write(out, ctx.voidPromise());
    return true;
  }

  void flush() {
    ChannelHandlerContext ctx = channel;
    if (dirty && ctx != null) {
      dirty = false;
      ctx.flush();
    }
  }

  /** The loop it lives on, while it is open. */
  Optional<EventLoop> loop() {
    ChannelHandlerContext ctx = channel;
    return ctx == null ? Optional.empty() : Optional.of(ctx.channel().eventLoop());
  }

  /** Does something on its event loop, if it is open. */
  void onLoop(Runnable task) {
    loop().ifPresent(loop -> loop.execute(task));
  }

  /** Counts what the pool never answered. */
  void countUnanswered() {
    for (long when : due) {
      if (when != 0) {
        run.tally().unanswered(when);
      }
    }
  }

  /** Hangs up because the run wants it. */
  void leave() {
    leaving = true;
    ChannelHandlerContext ctx = channel;
    if (ctx != null) {
      var _ = ctx.close();
    }
  }

  private void leave(String why) {
    if (!leaving) {
      run.tally().failure(why);
    }
    leave();
  }
}
