package org.adit.pool;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A browser's own trace, taken over its debugging port (Chrome DevTools Protocol, Tracing). */
final class Trace implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double MICROS = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;

  /** The way of each frame to the screen, and the page's own marks. */
  private static final String CATEGORIES =
      "disabled-by-default-devtools.timeline.frame,blink.user_timing";

  /** One for each frame that is drawn. */
  private static final String DRAWN = "StartDrawToSwapStart";

  private static final double FRAME_MICROS = MICROS / 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Boolean> complete = new CompletableFuture<>();
  private final CompletableFuture<Boolean> started = new CompletableFuture<>();

  /**
   * Begins a trace.
   *
   * @param debugger host and port of the browser's debugging port
   */
  Trace(String debugger) throws Exception {
    HttpRequest about =
        HttpRequest.newBuilder(URI.create("http://" + debugger + "/json/version")).build();
    String answer = http.send(about, HttpResponse.BodyHandlers.ofString()).body();
    socket =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create(JSON.readTree(answer).required("webSocketDebuggerUrl").asString()),
                new Reader())
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    send(
        1,
        "Tracing.start",
        JsonNodeFactory.instance
            .objectNode()
            .put("categories", CATEGORIES)
            .put("transferMode", "ReportEvents"));
    started.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void send(int id, String method, ObjectNode parameters) throws Exception {
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
      started.completeExceptionally(cause);
      complete.completeExceptionally(cause);
    }
  }

  private void take(JsonNode message) {
    switch (message.path("method").asString("")) {
      case "Tracing.dataCollected" -> {
        List<JsonNode> part = new ArrayList<>();
        message.path("params").path("value").forEach(part::add);
        events.addAll(part);
      }
      case "Tracing.tracingComplete" -> complete.complete(true);
      default -> {
        if (message.path("id").asInt(0) == 1) {
          if (message.has("error")) {
            started.completeExceptionally(new IOException(message.path("error").toString()));
          }
          started.complete(true);
        }
      }
    }
  }

  /**
   * How a scroll went.
   *
   * @param frames drawn between the page's marks adit-begin and adit-end
   * @param seconds from the first to the last of them
   * @param longestMillis between two of them
   * @param missed sixtieths of a second without a frame
   * @param scriptFrames frames in which the page's own scripts ran
   */
  record Scroll(int frames, double seconds, double longestMillis, long missed, long scriptFrames) {
    double framesPerSecond() {
      return frames / seconds;
    }

    @Override
    public String toString() {
      return String.format(
          java.util.Locale.ROOT,
          "%d frames in %.1f s, %.1f/s, longest gap %.0f ms, %d missed; scripts ran in %d",
          frames,
          seconds,
          framesPerSecond(),
          longestMillis,
          missed,
          scriptFrames);
    }
  }

  /** Ends the trace and reads it. */
  Scroll end(long scriptFrames) throws Exception {
    send(2, "Tracing.end", JsonNodeFactory.instance.objectNode());
    complete.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    long begin = at("adit-begin");
    long end = at("adit-end");
    List<Long> frames = new ArrayList<>();
    for (JsonNode event : events) {
      long at = event.path("ts").asLong();
      boolean drawn = event.path("name").asString("").equals(DRAWN);
      if (drawn && event.path("ph").asString("").equals("b") && at >= begin && at <= end) {
        frames.add(at);
      }
    }
    Collections.sort(frames);
    if (frames.size() < 2) {
      throw new AssertionError("the trace holds no frames; events: " + names());
    }
    long longest = 0;
    long missed = 0;
    for (int i = 1; i < frames.size(); i++) {
      long gap = frames.get(i) - frames.get(i - 1);
      longest = Math.max(longest, gap);
      missed += Math.max(0, Math.round(gap / FRAME_MICROS) - 1);
    }
    double seconds = (frames.getLast() - frames.getFirst()) / MICROS;
    return new Scroll(frames.size() - 1, seconds, longest / MICROS_PER_MILLI, missed, scriptFrames);
  }

  private long at(String mark) {
    for (JsonNode event : events) {
      if (event.path("name").asString("").equals(mark)) {
        return event.path("ts").asLong();
      }
    }
    throw new AssertionError("no mark " + mark + " in the trace; events: " + names());
  }

  private List<String> names() {
    return events.stream().map(event -> event.path("name").asString("?")).distinct().toList();
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
