package org.adit.accounting.ledger;

/**
 * The answer to an event.
 *
 * @param outcome posted, duplicate or refused
 * @param key the event's key
 * @param reason why it was refused, else empty
 */
public record Posting(Outcome outcome, String key, String reason) {

  public static Posting posted(String key) {
    return new Posting(Outcome.POSTED, key, "");
  }

  public static Posting duplicate(String key) {
    return new Posting(Outcome.DUPLICATE, key, "");
  }

  public static Posting refused(String key, String reason) {
    return new Posting(Outcome.REFUSED, key, reason);
  }

  public boolean isPosted() {
    return outcome == Outcome.POSTED;
  }

  public boolean isRefused() {
    return outcome == Outcome.REFUSED;
  }
}
