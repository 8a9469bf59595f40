package org.adit.pool.stats;

/** How far back a series goes and how fine it is. */
public enum Range {
  /** An hour by minutes. */
  HOUR("1h", 60_000, 60),
  /** A day by ten minutes. */
  DAY("24h", 600_000, 144),
  /** A week by hours. */
  WEEK("7d", 3_600_000, 168),
  /** A month by four hours. */
  MONTH("30d", 14_400_000, 180);

  private final String text;
  private final long slotMillis;
  private final int slots;

  Range(String text, long slotMillis, int slots) {
    this.text = text;
    this.slotMillis = slotMillis;
    this.slots = slots;
  }

  /** As the API writes it. */
  public String text() {
    return text;
  }

  /** Length of a slot; slots begin at multiples of it since 1970. */
  public long slotMillis() {
    return slotMillis;
  }

  /** Closed slots kept. */
  public int slots() {
    return slots;
  }
}
