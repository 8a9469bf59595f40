package org.adit.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.adit.pool.mining.RejectLog;
import org.adit.pool.mining.Rejection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the last refused shares with what explains them: two files of JSON lines in the data
 * folder, the older one dropped when the newer is full. Event loops only put into a bounded queue;
 * a flood loses the lines beyond it, never the counts, which accounting keeps. Thread-safe.
 */
public final class RejectBook implements RejectLog {
  private static final Logger LOG = LoggerFactory.getLogger(RejectBook.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int QUEUED = 1_024;
  private static final int REMEMBERED = 4_096;
  private static final long FILE_BYTES = 4L << 20;

  private final Path newer;
  private final Path older;
  private final ArrayDeque<Rejection> queue = new ArrayDeque<>();
  private final ArrayDeque<JsonNode> recent = new ArrayDeque<>();

  /**
   * @param dataFolder exists
   */
  public RejectBook(Path dataFolder) {
    newer = dataFolder.resolve("rejects.jsonl");
    older = dataFolder.resolve("rejects.old.jsonl");
  }

  @Override
  public void rejected(Rejection rejection) {
    synchronized (queue) {
      if (queue.size() < QUEUED) {
        queue.add(rejection);
      }
    }
  }

  /** Writes what has gathered; called about once a second, not on an event loop. */
  void write() {
    List<Rejection> taken;
    synchronized (queue) {
      taken = new ArrayList<>(queue);
      queue.clear();
    }
    if (taken.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (Rejection rejection : taken) {
      ObjectNode json = json(rejection);
      lines.append(JSON.writeValueAsString(json)).append('\n');
      remember(json);
    }
    try {
      if (Files.exists(newer) && Files.size(newer) > FILE_BYTES) {
        Files.move(newer, older, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(
          newer,
          lines,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("{} refused shares could not be noted: {}", taken.size(), e.toString());
    }
  }

  private void remember(JsonNode entry) {
    synchronized (recent) {
      recent.add(entry);
      if (recent.size() > REMEMBERED) {
        recent.remove();
      }
    }
  }

  /** Reads what an earlier run left, for {@link #newest}; waits for the disk. */
  void load() {
    try {
      for (String line : lines(newer)) {
        JsonNode entry = parse(line);
        if (entry != null) {
          remember(entry);
        }
      }
    } catch (IOException e) {
      LOG.warn("refused shares of before could not be read: {}", e.toString());
    }
  }

  /**
   * The newest refused shares, the newest last; of the last few thousand only, from memory.
   *
   * @param account whose; null for all
   * @param worker of the account; null for all
   * @param most how many at most
   */
  List<JsonNode> newest(@Nullable String account, @Nullable String worker, int most) {
    ArrayDeque<JsonNode> found = new ArrayDeque<>();
    synchronized (recent) {
      Iterator<JsonNode> newestFirst = recent.descendingIterator();
      while (newestFirst.hasNext() && found.size() < most) {
        JsonNode entry = newestFirst.next();
        if ((account == null || account.equals(entry.path("account").asString("")))
            && (worker == null || worker.equals(entry.path("worker").asString("")))) {
          found.addFirst(entry);
        }
      }
    }
    return List.copyOf(found);
  }

  /**
   * The refused shares of a worker that are still kept, the newest last.
   *
   * @param worker {@code account}, {@code account.worker} or the worker's name alone
   * @param most how many at most
   * @throws IOException when a file cannot be read
   */
  public List<JsonNode> of(String worker, int most) throws IOException {
    ArrayDeque<JsonNode> found = new ArrayDeque<>();
    for (Path file : new Path[] {older, newer}) {
      for (String line : lines(file)) {
        JsonNode entry = parse(line);
        if (entry != null && isOf(entry, worker)) {
          found.add(entry);
          if (found.size() > most) {
            found.remove();
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  // The last line may be half written: the pool may be running, or have been killed.
  private static @Nullable JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static boolean isOf(JsonNode entry, String worker) {
    String account = entry.path("account").asString("");
    String name = entry.path("worker").asString("");
    return worker.equals(account) || worker.equals(name) || worker.equals(account + "." + name);
  }

  private static ObjectNode json(Rejection rejection) {
    ObjectNode json = JSON.createObjectNode();
    json.put("at", Instant.ofEpochMilli(rejection.atMillis()).toString());
    json.put("account", rejection.worker().account());
    json.put("worker", rejection.worker().name());
    json.put("verdict", rejection.label());
    rejection
        .job()
        .ifPresent(job -> {
          json.put("job_age_ms", job.ageMillis());
          json.put("height", job.height());
          json.put("required_difficulty", job.required().toDouble());
        });
    rejection
        .achieved()
        .ifPresent(difficulty -> {
          json.put("achieved_difficulty", difficulty.toDouble());
        });
    rejection
        .received()
        .ifPresent(received -> {
          json.put("job", received.job());
          json.put("extranonce2", received.extranonce2());
          json.put("ntime", received.ntime());
          json.put("nonce", received.nonce());
          received.versionBits().ifPresent(bits -> json.put("version_bits", bits));
        });
    json.put("worth_sat", rejection.worthSat());
    json.put("likely_cause", rejection.cause().text());
    return json;
  }
}
