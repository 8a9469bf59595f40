package org.adit.pool.alerts;

import java.util.Locale;

/**
 * Something to know.
 *
 * @param id counts up from 1 since start
 * @param kind what
 * @param subject what it is about, such as a worker; printable ASCII
 * @param text one sentence; printable ASCII
 * @param atMillis when, milliseconds since 1970
 * @param endedAtMillis when it ended; 0 while it lasts or where nothing ends
 */
public record Alert(
    long id, Kind kind, String subject, String text, long atMillis, long endedAtMillis) {

  /** How much it matters. */
  public enum Severity {
    /** Good or neutral news. */
    INFO,
    /** Somebody should look. */
    WARNING,
    /** Somebody must look, at night too. */
    CRITICAL
  }

  /** What alerts are about. */
  public enum Kind {
    /** The pool found a block. */
    BLOCK_FOUND(Severity.INFO),
    /** A block of the pool left the chain. */
    BLOCK_ORPHANED(Severity.WARNING),
    /** A worker is silent for longer than chance explains. */
    WORKER_DOWN(Severity.WARNING),
    /** The pool is surely slower than usual. */
    HASHRATE_DROP(Severity.WARNING),
    /** A worker's shares are refused. */
    REJECT_RATE(Severity.WARNING),
    /** A node is away or behind. */
    NODE_BEHIND(Severity.WARNING),
    /** The disk fills up. */
    DISK(Severity.CRITICAL),
    /** The ledger's invariants are broken. */
    INVARIANT_BROKEN(Severity.CRITICAL),
    /** A worker found fewer blocks than its work explains. */
    WITHHOLDING(Severity.WARNING),
    /** Asked for. */
    TEST(Severity.INFO);

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    /** How much it matters. */
    public Severity severity() {
      return severity;
    }

    /** As the API writes it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  Alert endedAt(long millis) {
    return new Alert(id, kind, subject, text, atMillis, millis);
  }

  /** Printable ASCII of at most so many characters: what goes to logs, mails and headers. */
  static String printable(String text, int most) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < most; i++) {
      char c = text.charAt(i);
      out.append(c >= 0x20 && c < 0x7f ? c : '?');
    }
    return out.toString();
  }
}
