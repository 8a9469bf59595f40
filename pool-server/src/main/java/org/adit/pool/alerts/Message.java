package org.adit.pool.alerts;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Alerts of one kind in words for people. */
final class Message {
  private static final int MOST_LINES = 20;

  private Message() {}

  static String title(List<Alert> alerts) {
    Alert first = alerts.getFirst();
    String what = first.kind().text();
    return alerts.size() == 1
        ? "Adit: " + what + " " + first.subject()
        : "Adit: " + alerts.size() + " x " + what;
  }

  static String body(List<Alert> alerts) {
    String lines =
        alerts.stream()
            .limit(MOST_LINES)
            .map(alert -> Instant.ofEpochMilli(alert.atMillis()) + " " + alert.text())
            .collect(Collectors.joining("\n"));
    return alerts.size() <= MOST_LINES
        ? lines
        : lines + "\nand " + (alerts.size() - MOST_LINES) + " more";
  }
}
