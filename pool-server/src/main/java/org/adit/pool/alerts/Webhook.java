package org.adit.pool.alerts;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.adit.config.AlertsConfig;
import org.adit.config.Secret;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Posts alerts as JSON. With a secret the header {@code X-Adit-Signature} is {@code sha256=} and
 * the HMAC-SHA256, in hex, of the time in {@code X-Adit-Timestamp}, a dot and the body; whoever
 * checks refuses old times.
 */
final class Webhook implements Channel {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final AlertsConfig.Webhook settings;
  private final HttpClient http;
  private final Clock clock;

  Webhook(AlertsConfig.Webhook settings, HttpClient http, Clock clock) {
    this.settings = settings;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public void send(List<Alert> alerts) throws IOException, InterruptedException {
    ObjectNode root = JSON.createObjectNode();
    root.put("title", Message.title(alerts));
    ArrayNode list = root.putArray("alerts");
    for (Alert alert : alerts) {
      list.addObject()
          .put("id", alert.id())
          .put("kind", alert.kind().text())
          .put("severity", alert.kind().severity().name().toLowerCase(Locale.ROOT))
          .put("subject", alert.subject())
          .put("text", alert.text())
          .put("at_ms", alert.atMillis());
    }
    String body = JSON.writeValueAsString(root);
    String time = String.valueOf(clock.millis());
    HttpRequest.Builder request =
        HttpChannel.request(settings.url())
            .header("Content-Type", "application/json")
            .header("X-Adit-Timestamp", time);
    Optional<Secret> secret = settings.secret();
    if (secret.isPresent()) {
      request.header(
          "X-Adit-Signature", "sha256=" + signature(secret.get().reveal(), time + "." + body));
    }
    HttpChannel.post(http, request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  static String signature(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every JDK has HmacSHA256", e);
    }
  }
}
