package org.adit.pool.alerts;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import org.adit.config.AlertsConfig;

/** Publishes to a topic of an ntfy server. */
final class Ntfy implements Channel {
  private final AlertsConfig.Ntfy settings;
  private final HttpClient http;

  Ntfy(AlertsConfig.Ntfy settings, HttpClient http) {
    this.settings = settings;
    this.http = http;
  }

  @Override
  public String name() {
    return "ntfy";
  }

  @Override
  public void send(List<Alert> alerts) throws IOException, InterruptedException {
    String priority =
        switch (alerts.getFirst().kind().severity()) {
          case CRITICAL -> "urgent";
          case WARNING -> "high";
          case INFO -> "default";
        };
    HttpRequest.Builder request =
        HttpChannel.request(settings.url())
            .header("Title", Message.title(alerts))
            .header("Priority", priority)
            .header("Tags", alerts.getFirst().kind().text());
    settings
        .token()
        .ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
    HttpChannel.post(
        http, request.POST(HttpRequest.BodyPublishers.ofString(Message.body(alerts))).build());
  }
}
