package org.adit.pool.web.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Readers of server-sent events. A reader that does not keep up is disconnected; it comes again and
 * reads anew. Thread-safe.
 */
public final class EventStreams {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final int most;
  private final Map<Channel, Boolean> readers = new ConcurrentHashMap<>();
  private volatile byte[] lastTick = new byte[0];

  EventStreams(int most) {
    this.most = most;
  }

  /** How many read. */
  public int readers() {
    return readers.size();
  }

  /** Sends an event to everybody. */
  public void publish(String event, JsonNode data) {
    publish(event, data, false);
  }

  /** Sends an event to those who may read lists of all. */
  public void publishToOperators(String event, JsonNode data) {
    publish(event, data, true);
  }

  /** Sends an event that a new reader gets at once, too. */
  public void publishState(String event, JsonNode data) {
    lastTick = encode(event, data);
    send(lastTick, false);
  }

  /** What new readers would get at once is too old. */
  public void forgetState() {
    lastTick = new byte[0];
  }

  private void publish(String event, JsonNode data, boolean operatorsOnly) {
    if (!readers.isEmpty()) {
      send(encode(event, data), operatorsOnly);
    }
  }

  private static byte[] encode(String event, JsonNode data) {
    // JSON of one line holds no line break, so a value cannot end the event.
    return ("event: " + event + "\ndata: " + JSON.writeValueAsString(data) + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Keeps connections, and what stands between, awake. */
  void beat() {
    send(":\n\n".getBytes(StandardCharsets.US_ASCII), false);
  }

  private void send(byte[] bytes, boolean operatorsOnly) {
    readers.forEach((channel, operator) -> {
      if (operatorsOnly && !operator) {
        return;
      }
      if (channel.isWritable()) {
        write(channel, Unpooled.wrappedBuffer(bytes));
      } else {
        var _ = channel.close();
      }
    });
  }

  private static void write(Channel channel, ByteBuf bytes) {
    var _ = channel.writeAndFlush(new DefaultHttpContent(bytes));
  }

  boolean hasRoom() {
    return readers.size() < most;
  }

  /** Takes a connection whose head has been written. */
  void add(Channel channel, boolean operator) {
    readers.put(channel, operator);
    channel.closeFuture().addListener(done -> readers.remove(channel));
    write(
        channel,
        Unpooled.wrappedBuffer("retry: 3000\n\n".getBytes(StandardCharsets.US_ASCII), lastTick));
  }
}
