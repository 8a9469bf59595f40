package org.adit.pool.web.api;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Alerts as the API shows them. Thread-safe. */
public interface AlertFeed {
  /** How many last. */
  int active();

  /** The whole list, as the OpenAPI document shapes it. */
  JsonNode list();

  /** Sends a test alert everywhere and says how it went; may wait. */
  List<Result> test();

  /**
   * Where a test alert went.
   *
   * @param channel log, stream, webhook, ntfy or mail
   * @param text how it went
   */
  record Result(String channel, boolean ok, String text) {}
}
