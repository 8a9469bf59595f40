package org.adit.pool.web;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.adit.pool.alerts.Alert;
import org.adit.pool.alerts.AlertCenter;
import org.adit.pool.web.api.AlertFeed;
import org.adit.pool.web.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Alerts as the OpenAPI document shapes them. */
record AlertView(AlertCenter center, Clock clock) implements AlertFeed {
  @Override
  public int active() {
    return center.active().size();
  }

  @Override
  public JsonNode list() {
    ObjectNode node = Json.object().put("as_of_ms", clock.millis());
    ArrayNode active = node.putArray("active");
    center.active().reversed().forEach(alert -> active.add(json(alert)));
    ArrayNode recent = node.putArray("recent");
    center.recent().forEach(alert -> recent.add(json(alert)));
    return node;
  }

  static ObjectNode json(Alert alert) {
    ObjectNode node = Json.object();
    node.put("id", alert.id());
    node.put("kind", alert.kind().text());
    node.put("severity", alert.kind().severity().name().toLowerCase(Locale.ROOT));
    node.put("at_ms", alert.atMillis());
    node.put("ended_at_ms", alert.endedAtMillis() == 0 ? null : alert.endedAtMillis());
    node.put("subject", alert.subject());
    node.put("text", alert.text());
    return node;
  }

  @Override
  public List<Result> test() {
    return center.test().stream()
        .map(result -> new Result(result.channel(), result.ok(), result.text()))
        .toList();
  }
}
