package org.adit.pool.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes a page of one row of a worker's own answer. */
final class StatusPage {
  private StatusPage() {}

  static JsonNode of(JsonNode detail) {
    ObjectNode page = JsonMapper.builder().build().createObjectNode();
    page.put("as_of_ms", detail.path("as_of_ms").asLong());
    page.putArray("items").add(detail.path("worker"));
    return page;
  }
}
