package org.adit.pool.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.adit.hasher.Hash256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps what happened to each block: one file for each, one line of JSON for each event, forced to
 * disk. The notes are for people; nothing is decided by them, so the disk never keeps a block from
 * a node, and a line a power cut tore is passed over. The newest {@value #FILES_KEPT} files are
 * kept.
 */
public final class BlockTimelines implements BlockEvents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockTimelines.class);
  private static final String SUFFIX = ".jsonl";
  private static final int FILES_KEPT = 1_000;
  private static final int FILES_BETWEEN_LOOKS = 100;
  private static final long MOST_BYTES = 64 << 10;
  private static final int MOST_TEXT = 300;
  private static final int MOST_WAITING = 4_096;
  private static final long CLOSE_SECONDS = 5;

  private final ObjectMapper json = JsonMapper.builder().build();
  private final Path folder;
  private final Clock clock;
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().name("block-timelines").daemon().factory());

  /** Used by the writer's thread only. */
  private int filesMade;

  /**
   * Opens or makes the folder.
   *
   * @param folder the candidates' folder, inside the data folder
   * @param clock when things happen
   */
  public BlockTimelines(Path folder, Clock clock) throws IOException {
    this.folder = Files.createDirectories(in(folder));
    this.clock = clock;
    prune();
  }

  private static Path in(Path candidates) {
    return candidates.resolve("timelines");
  }

  @Override
  public void note(Hash256 block, Kind kind, String node, String text) {
    Instant at = clock.instant();
    try {
      writer.execute(() -> write(block, at, kind, node, text));
    } catch (RejectedExecutionException e) {
      LOG.debug("no note of {} of block {}", kind, block.toDisplayHex(), e);
    }
  }

  /**
   * What happened to a block; empty when nothing was noted. Works beside a running pool too.
   *
   * @param folder the candidates' folder
   */
  public static Optional<BlockTimeline> read(Path folder, Hash256 block) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file(in(folder), block), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    ObjectMapper json = JsonMapper.builder().build();
    List<BlockTimeline.Moment> moments = new ArrayList<>();
    for (String line : lines) {
      moment(json, line).ifPresent(moments::add);
    }
    return moments.isEmpty() ? Optional.empty() : Optional.of(new BlockTimeline(block, moments));
  }

  /** Writes what is noted, within a few seconds, and ends. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the last notes about blocks were not written in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Hash256 block, Instant at, Kind kind, String node, String text) {
    String line =
        json.writeValueAsString(
                json.createObjectNode()
                    .put("at", at.toString())
                    .put("event", kind.name().toLowerCase(Locale.ROOT))
                    .put("node", node)
                    .put("text", text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT)))
            + "\n";
    Path file = file(folder, block);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long end = channel.size();
      if (end == 0 && ++filesMade % FILES_BETWEEN_LOOKS == 0) {
        prune();
      }
      if (end > MOST_BYTES) {
        return; // A block that is asked about forever does not fill the disk.
      }
      // Without its end the last line was torn by a power cut; the new one must not join it.
      String lead = end == 0 || endsALine(file, end) ? "" : "\n";
      ByteBuffer bytes = ByteBuffer.wrap((lead + line).getBytes(StandardCharsets.UTF_8));
      channel.position(end);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      LOG.warn("no note of {} of block {} could be written", kind, block.toDisplayHex(), e);
    }
  }

  private static boolean endsALine(Path file, long end) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.read(last, end - 1) == 1 && last.get(0) == '\n';
    }
  }

  private void prune() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      all.forEach(files::add);
    }
    if (files.size() > FILES_KEPT) {
      files.sort(Comparator.comparingLong(file -> file.toFile().lastModified()));
      for (Path old : files.subList(0, files.size() - FILES_KEPT)) {
        Files.deleteIfExists(old);
      }
    }
  }

  private static Optional<BlockTimeline.Moment> moment(ObjectMapper json, String line) {
    try {
      JsonNode node = json.readTree(line);
      return Optional.of(
          new BlockTimeline.Moment(
              Instant.parse(node.required("at").asString()),
              Kind.valueOf(node.required("event").asString().toUpperCase(Locale.ROOT)),
              node.path("node").asString(""),
              node.path("text").asString("")));
    } catch (JacksonException | IllegalArgumentException | DateTimeParseException e) {
      LOG.debug("a line of a timeline cannot be read", e);
      return Optional.empty();
    }
  }

  private static Path file(Path folder, Hash256 block) {
    return folder.resolve(block.toDisplayHex() + SUFFIX);
  }
}
