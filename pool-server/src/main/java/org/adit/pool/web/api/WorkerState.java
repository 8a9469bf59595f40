package org.adit.pool.web.api;

import java.util.Locale;

/** How a worker is doing; in the order in which trouble is shown. */
public enum WorkerState {
  /** It is gone, or silent for longer than chance explains. */
  OFFLINE,
  /** Surely below its own rate of the day, two slots running. */
  SLOW,
  /** Too few shares to say anything. */
  WARMING,
  /** It works. */
  LIVE;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
