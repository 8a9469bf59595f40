package org.adit.pool.alerts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What webhook and ntfy share: one post, bounded, without redirects. */
final class HttpChannel {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private HttpChannel() {}

  static HttpRequest.Builder request(URI url) {
    return HttpRequest.newBuilder(url).timeout(PATIENCE);
  }

  static void post(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<Void> response = http.send(request, HttpResponse.BodyHandlers.discarding());
    if (response.statusCode() < 200 || response.statusCode() > 299) {
      throw new IOException(
          request.uri().getHost() + " answered " + response.statusCode() + " (expected: 2xx)");
    }
  }

  static HttpClient client() {
    return HttpClient.newBuilder()
        .connectTimeout(PATIENCE)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}
