package org.adit.pool.web.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adit.pool.stats.Range;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hashprice over time: means of ten minutes, those of a month, one JSON object a line in {@code
 * hashprice.jsonl} of the data folder. Figures for people: the file is not forced to disk, and a
 * line a power cut tore is passed over. Thread-safe.
 */
final class HashpriceLog implements AutoCloseable {
  /** The file's name. */
  static final String FILE = "hashprice.jsonl";

  private static final Logger LOG = LoggerFactory.getLogger(HashpriceLog.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final long SLOT_MILLIS = Range.DAY.slotMillis();
  private static final int KEPT =
      (int) (Range.MONTH.slotMillis() * (Range.MONTH.slots() + 1L) / SLOT_MILLIS);
  private static final int MOST_LINES = 2 * KEPT;

  /**
   * Means over a time; per PH/s and day, the pool's fee taken off.
   *
   * @param count of readings
   * @param sat with the fees of the templates
   * @param subsidySat by the subsidy alone
   * @param money in a currency, of the readings that had a price; NaN without any
   * @param currency of that money
   */
  record Mean(long count, double sat, double subsidySat, double money, String currency) {
    /** Both together; money of two currencies is that of the newer. */
    Mean plus(Mean newer) {
      long all = count + newer.count;
      double part = (double) newer.count / all;
      boolean mixed =
          Double.isNaN(money) || Double.isNaN(newer.money) || !currency.equals(newer.currency);
      return new Mean(
          all,
          sat + (newer.sat - sat) * part,
          subsidySat + (newer.subsidySat - subsidySat) * part,
          mixed
              ? Double.isNaN(newer.money) && currency.equals(newer.currency) ? money : newer.money
              : money + (newer.money - money) * part,
          newer.currency);
    }
  }

  /**
   * A slot of a series.
   *
   * @param running whether its time is not over
   * @param mean null when the pool did not run
   */
  record Slot(long startMillis, long endMillis, boolean running, @Nullable Mean mean) {}

  private final Path file;
  private final TreeMap<Long, Mean> slots = new TreeMap<>();
  private int lines;
  private long openSlot = Long.MIN_VALUE;
  private @Nullable Mean open;
  private boolean complained;

  HashpriceLog(Path dataFolder) {
    this.file = dataFolder.resolve(FILE);
    read();
  }

  /** A reading. */
  synchronized void add(long nowMillis, Mean reading) {
    long slot = Math.floorDiv(nowMillis, SLOT_MILLIS);
    if (slot != openSlot) {
      shut();
      openSlot = slot;
    }
    Mean before = open;
    open = before == null ? reading : before.plus(reading);
  }

  /** Writes the slot that runs, so that a restart does not lose it. */
  @Override
  public synchronized void close() {
    shut();
  }

  /** The oldest time anything is known of; 0 before the first reading. */
  synchronized long sinceMillis() {
    if (!slots.isEmpty()) {
      return slots.firstKey() * SLOT_MILLIS;
    }
    return open == null ? 0 : openSlot * SLOT_MILLIS;
  }

  /** Slots of one length without holes; the last one is running. */
  synchronized List<Slot> series(Range range, long nowMillis) {
    Map<Long, Mean> all = new TreeMap<>();
    slots.forEach((slot, mean) -> all.merge(of(range, slot), mean, Mean::plus));
    if (open != null) {
      all.merge(of(range, openSlot), open, Mean::plus);
    }
    long last = Math.floorDiv(nowMillis, range.slotMillis());
    List<Slot> series = new ArrayList<>(range.slots() + 1);
    for (long slot = last - range.slots(); slot <= last; slot++) {
      series.add(
          new Slot(
              slot * range.slotMillis(),
              (slot + 1) * range.slotMillis(),
              slot == last,
              all.get(slot)));
    }
    return series;
  }

  private static long of(Range range, long slot) {
    return Math.floorDiv(slot * SLOT_MILLIS, range.slotMillis());
  }

  private void shut() {
    Mean mean = open;
    if (mean == null) {
      return;
    }
    open = null;
    keep(openSlot, mean);
    try {
      if (lines >= MOST_LINES) {
        rewrite();
      } else {
        append(line(openSlot, mean));
      }
      complained = false;
    } catch (IOException e) {
      if (!complained) {
        LOG.warn("{} cannot be written; hashprice is kept in memory until it can", file, e);
      }
      complained = true;
    }
  }

  private void keep(long slot, Mean mean) {
    slots.merge(slot, mean, Mean::plus);
    while (slots.size() > KEPT) {
      slots.pollFirstEntry();
    }
  }

  private static String line(long slot, Mean mean) {
    ObjectNode node = Json.object();
    node.put("at_ms", slot * SLOT_MILLIS);
    node.put("readings", mean.count());
    node.put("sat_per_phs_day", mean.sat());
    node.put("subsidy_sat_per_phs_day", mean.subsidySat());
    Json.number(node, "per_phs_day", mean.money());
    node.put("currency", mean.currency());
    return node + "\n";
  }

  private void append(String line) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = out.size();
      ByteBuffer newest = ByteBuffer.allocate(1);
      // Without its end the last line was torn by a power cut; the new one must not join it.
      boolean torn = end > 0 && out.read(newest, end - 1) == 1 && newest.get(0) != '\n';
      out.position(end);
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(torn ? "\n" + line : line);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
    lines++;
  }

  private void rewrite() throws IOException {
    StringBuilder text = new StringBuilder();
    slots.forEach((slot, mean) -> text.append(line(slot, mean)));
    Path next = file.resolveSibling(FILE + ".new");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    lines = slots.size();
  }

  private void read() {
    if (!Files.exists(file)) {
      return;
    }
    try (var all = Files.lines(file, StandardCharsets.UTF_8)) {
      all.forEach(this::take);
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.warn("{} cannot be read; hashprice over time begins anew", file, e);
    }
  }

  private void take(String line) {
    lines++;
    try {
      JsonNode node = JSON.readTree(line);
      long at = node.required("at_ms").asLong();
      long count = node.required("readings").asLong();
      double sat = node.required("sat_per_phs_day").asDouble();
      double subsidy = node.required("subsidy_sat_per_phs_day").asDouble();
      if (at > 0 && count > 0 && Double.isFinite(sat) && Double.isFinite(subsidy)) {
        keep(
            Math.floorDiv(at, SLOT_MILLIS),
            new Mean(
                count,
                sat,
                subsidy,
                node.path("per_phs_day").isNumber()
                    ? node.path("per_phs_day").asDouble()
                    : Double.NaN,
                node.path("currency").asString("")));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      LOG.debug("a line of {} cannot be read", file, e);
    }
  }
}
