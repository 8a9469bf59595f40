package org.adit.pool.web.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who had the pool do what: one JSON object a line in {@code actions.jsonl} of the data folder, on
 * disk before anything is done. Lets only so many through. Thread-safe.
 */
final class ActionLog {
  /** The file's name; an older one has {@code .1} behind it. */
  static final String FILE = "actions.jsonl";

  static final int MOST_PER_MINUTE = 20;
  private static final Logger LOG = LoggerFactory.getLogger(ActionLog.class);
  private static final long MINUTE_MILLIS = 60_000;
  private static final long MOST_BYTES = 4L << 20;

  private final Path file;
  private final Clock clock;
  private final ArrayDeque<Long> lately = new ArrayDeque<>();

  ActionLog(Path dataFolder, Clock clock) {
    this.file = dataFolder.resolve(FILE);
    this.clock = clock;
  }

  /**
   * Writes an action down.
   *
   * @param what is done, with its checked values
   * @throws HttpException 429 when there were too many within a minute
   * @throws IOException when it cannot be written; then it must not be done
   */
  synchronized void write(Request request, ObjectNode what) throws HttpException, IOException {
    long now = clock.millis();
    while (!lately.isEmpty() && now - lately.getFirst() >= MINUTE_MILLIS) {
      lately.removeFirst();
    }
    if (lately.size() >= MOST_PER_MINUTE) {
      throw new HttpException(
          429, "more than " + MOST_PER_MINUTE + " actions within a minute; wait a little");
    }
    ObjectNode entry = Json.object();
    entry.put("at", clock.instant().toString());
    entry.put("from", request.from().getHostAddress());
    entry.put("by", request.header("authorization").isPresent() ? "token" : "browser");
    entry.setAll(what);
    // JSON escapes control characters, so an entry is one line whatever stands in it.
    String line = entry.toString();
    append(line + "\n");
    lately.addLast(now);
    LOG.info("operator: {}", line);
  }

  private void append(String line) throws IOException {
    if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
      Files.move(file, file.resolveSibling(FILE + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(line);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(false);
    }
  }
}
