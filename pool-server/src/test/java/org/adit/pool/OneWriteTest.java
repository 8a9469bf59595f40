package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.adit.pool.stratum.v1.V1Loop;
import org.adit.pool.stratum.v1.V1Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session writes with one system call. */
class OneWriteTest {
  @TempDir Path folder;
  private StratumHouse house;
  private EmbeddedChannel channel;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<String> writes = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    house = new StratumHouse(folder);
    var context = house.context(tasks::add);
    V1Session session =
        new V1Session(
            new V1Loop(context, UnpooledByteBufAllocator.DEFAULT),
            StratumHouse.LISTENER,
            java.net.InetAddress.getLoopbackAddress(),
            now -> 0);
    channel = new EmbeddedChannel(new Writes(), session);
  }

  @AfterEach
  void close() throws Exception {
    channel.finishAndReleaseAll();
    house.close();
  }

  private void say(String... lines) {
    for (String line : lines) {
      var _ =
          channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(line, StandardCharsets.UTF_8));
    }
    var _ = channel.pipeline().fireChannelReadComplete();
    runTasks();
  }

  /** What other threads and the session itself have left for the event loop. */
  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    channel.runPendingTasks();
  }

  @Test
  void aBurstIsAnsweredAndTheFirstJobSentInOneWrite() {
    say(
        "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}",
        "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.a\",\"x\"]}"
            .formatted(StratumHouse.ADDRESS),
        "{\"id\":3,\"method\":\"mining.ping\"}");
    org.awaitility.Awaitility.await()
        .until(() -> {
          runTasks();
          return writes.stream().anyMatch(text -> text.contains("mining.notify"));
        });

    String last = writes.getLast();
    assertThat(last.lines())
        .satisfiesOnlyOnce(line -> assertThat(line).contains("mining.set_difficulty"))
        .satisfiesOnlyOnce(line -> assertThat(line).contains("mining.notify"));
    assertThat(last.indexOf("set_difficulty\",\"params\""))
        .isLessThan(last.indexOf("notify\",\"params\""));
    assertThat(last).contains("\"id\":2,\"result\":true");

    writes.clear();
    say(
        "{\"id\":4,\"method\":\"mining.ping\"}",
        "{\"id\":5,\"method\":\"mining.ping\"}",
        "{\"id\":6,\"method\":\"x\"}");
    assertThat(writes).hasSize(1);
    assertThat(writes.getFirst().lines()).hasSize(3);
  }

  /** Joins what is written between two flushes. */
  private final class Writes extends ChannelOutboundHandlerAdapter {
    private final StringBuilder open = new StringBuilder();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ByteBuf bytes = (ByteBuf) message;
      open.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
      if (!promise.isVoid()) {
        promise.setSuccess();
      }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      if (!open.isEmpty()) {
        writes.add(open.toString());
        open.setLength(0);
      }
    }
  }
}
