package org.adit.pool.web.publicpool;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.adit.accounting.economics.NetworkHashrate;
import org.adit.pool.stats.History;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Slot;
import org.adit.pool.stats.Sum;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Work, rates and times as that API counts them: difficulty 1 is 2^32 hashes there. */
final class Work {
  /** That API's hashes of difficulty 1. */
  static final double HASHES = 4_294_967_296.0;

  static final int HOUR_SLOTS = 6;
  static final int DAY_SLOTS = 144;
  private static final double SLOT_SECONDS = 600;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Work() {}

  /** Credited difficulty of some shares. */
  static double difficulty(Sum sum) {
    return difficulty(sum.work());
  }

  static double difficulty(double hashes) {
    return hashes / NetworkHashrate.DIFFICULTY_1_WORK;
  }

  /** Hashes per second of so many closed slots. */
  static double rate(Sum sum, int slots) {
    return difficulty(sum) * HASHES / (SLOT_SECONDS * slots);
  }

  static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  /**
   * Closed slots of a day from the first with a share on, empty ones between as zeros.
   *
   * @param mode the payout mode of each row; null for rows without one
   */
  static ArrayNode chart(ArrayNode rows, List<Slot> slots, @Nullable String mode) {
    boolean begun = false;
    for (Slot slot : slots) {
      begun |= slot.sum().shares() > 0;
      if (!begun || slot.state() == Slot.State.RUNNING) {
        continue;
      }
      ObjectNode row = rows.addObject();
      row.put("label", time(slot.startMillis()));
      if (mode != null) {
        row.put("payoutMode", mode);
      }
      row.put("data", Math.round(rate(slot.sum(), 1)));
      row.put("shares", difficulty(slot.sum()));
      row.put("acceptedCount", slot.sum().shares());
    }
    return rows;
  }

  /** The slots of several histories together. */
  static List<Slot> together(History empty, List<History> histories, long now) {
    List<Slot> sum = new java.util.ArrayList<>(empty.series(Range.DAY, now));
    for (History history : histories) {
      List<Slot> own = history.series(Range.DAY, now);
      for (int i = 0; i < sum.size(); i++) {
        Slot slot = sum.get(i);
        sum.set(
            i,
            new Slot(
                slot.startMillis(),
                slot.endMillis(),
                slot.state(),
                slot.sum().plus(own.get(i).sum())));
      }
    }
    return sum;
  }

  /** What came in the last closed slots of several histories. */
  static Sum closed(List<History> histories, int slots, long now) {
    Sum sum = Sum.NONE;
    for (History history : histories) {
      sum = sum.plus(history.closed(Range.DAY, slots, now));
    }
    return sum;
  }
}
