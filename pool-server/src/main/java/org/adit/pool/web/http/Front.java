package org.adit.pool.web.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in front of every handler: who may ask how often, by which name, and what each answer
 * tells the browser. Thread-safe.
 */
final class Front {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none';"
              + " form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=(), payment=()");

  private final WebSettings settings;
  private final Handler handler;
  private final ExecutorService work;
  private final RateLimiter limiter;
  private final EventStreams streams;

  Front(WebSettings settings, Handler handler, ExecutorService work, EventStreams streams) {
    this.settings = settings;
    this.handler = handler;
    this.work = work;
    this.limiter = new RateLimiter(settings.requestsPerSecond(), System::nanoTime);
    this.streams = streams;
  }

  EventStreams streams() {
    return streams;
  }

  /** Has a request answered; the answer comes on any thread. */
  void answer(Request request, Consumer<Answer> then) {
    if (!settings.everybodys().test(request) && !isOurName(request.headers().get("host"))) {
      then.accept(
          Reply.problem(
              421,
              "this server is not known by that name; name it in web.host_names, or use an"
                  + " address or localhost"));
      return;
    }
    InetAddress from = request.from();
    if (!limiter.take(from)) {
      then.accept(
          Reply.problem(429, "too many requests of one address; see web.requests_per_second")
              .with("Retry-After", "1"));
      return;
    }
    try {
      work.execute(() -> then.accept(handle(request)));
    } catch (RejectedExecutionException e) {
      then.accept(Reply.problem(503, "the server is busy; ask again").with("Retry-After", "1"));
    }
  }

  private Answer handle(Request request) {
    try {
      return switch (handler.handle(request)) {
        case Reply reply -> Packing.fit(reply.unlessKnown(request), request);
        case Answer.Stream stream -> stream;
      };
    } catch (HttpException e) {
      return e.reply();
    } catch (Exception e) {
      LOG.error("a web request could not be answered", e);
      return Reply.problem(500, "the pool could not answer; its log says why");
    }
  }

  // A page of another site that makes its own name lead to this address would be read like ours.
  private boolean isOurName(@org.jspecify.annotations.Nullable String host) {
    if (host == null) {
      return true; // no browser
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      return true;
    }
    int colon = name.lastIndexOf(':');
    name = colon < 0 ? name : name.substring(0, colon);
    return name.equals("localhost")
        || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
        || settings.hostNames().contains(name);
  }

  /** Headers of every answer. */
  void headers(Request request, HttpHeaders headers) {
    HEADERS.forEach(headers::set);
    String origin = request.headers().get("origin");
    if (settings.everybodys().test(request)) {
      headers.set("Access-Control-Allow-Origin", "*");
    } else if (origin != null && settings.corsOrigins().contains(origin)) {
      headers.set("Access-Control-Allow-Origin", origin);
    }
    if (!settings.corsOrigins().isEmpty()) {
      headers.add("Vary", "Origin");
    }
  }
}
