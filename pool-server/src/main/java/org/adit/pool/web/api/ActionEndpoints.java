package org.adit.pool.web.api;

import java.time.Clock;
import java.util.Set;
import org.adit.pool.web.PoolActions;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What an operator may have the pool do; each action is written down before it is done. */
final class ActionEndpoints {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int MOST_CHARS = 120;
  private static final int MOST_SECONDS = 3_600;
  private static final int USUAL_SECONDS = 60;

  private final PoolView pool;
  private final PoolActions actions;
  private final ActionLog log;
  private final Clock clock;

  ActionEndpoints(PoolView pool, PoolActions actions, Clock clock) {
    this.pool = pool;
    this.actions = actions;
    this.log = new ActionLog(pool.config().dataDir(), clock);
    this.clock = clock;
  }

  JsonNode message(Call call) throws Exception {
    JsonNode text = body(call, "{\"text\": \"one line\"}", "text").path("text");
    if (!text.isString() || !isLine(text.asString())) {
      throw new HttpException(
          400, "text is wrong (expected: one line of 1 to " + MOST_CHARS + " printable ASCII)");
    }
    log.write(call.request(), Json.object().put("action", "message").put("text", text.asString()));
    actions.show(text.asString());
    return done();
  }

  private static boolean isLine(String text) {
    return !text.isBlank()
        && text.length() <= MOST_CHARS
        && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  JsonNode drain(Call call) throws Exception {
    JsonNode over = body(call, "{\"over_s\": 60}", "over_s").path("over_s");
    int seconds = over.isMissingNode() ? USUAL_SECONDS : over.isInt() ? over.asInt() : -1;
    if (seconds < 0 || seconds > MOST_SECONDS) {
      throw new HttpException(400, "over_s is out of range (expected: 0 to " + MOST_SECONDS + ")");
    }
    log.write(call.request(), Json.object().put("action", "drain").put("over_s", seconds));
    actions.sendAway(seconds);
    return done().put("over_s", seconds);
  }

  private ObjectNode done() {
    return Json.asOf(clock.millis()).put("connections", pool.counters().openConnections());
  }

  private static JsonNode body(Call call, String like, String... known) throws HttpException {
    byte[] bytes = call.request().body();
    try {
      JsonNode body = bytes.length == 0 ? Json.object() : JSON.readTree(bytes);
      if (body.isObject() && Set.of(known).containsAll(body.propertyNames())) {
        return body;
      }
    } catch (JacksonException e) {
      throw new HttpException(400, "the body is no JSON (expected: like " + like + ")");
    }
    throw new HttpException(
        400, "the body is no object of known fields only (expected: like " + like + ")");
  }
}
