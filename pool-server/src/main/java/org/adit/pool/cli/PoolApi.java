package org.adit.pool.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.adit.config.PoolConfig;
import org.adit.pool.web.Tokens;
import org.adit.pool.web.Web;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The API of a running pool, as commands ask it. */
final class PoolApi {
  /** Exit code: nothing answers there. */
  static final int NOT_RUNNING = 4;

  /** Exit code: it answers, but wants its token, or another one. */
  static final int NOT_ALLOWED = 5;

  /** Rows of a page at most. */
  static final int PAGE = 500;

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  // A comparison of schemes replays the journal.
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TRIES = 30;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final URI base;
  private final @Nullable String token;

  private PoolApi(URI base, @Nullable String token) {
    this.base = base;
    this.token = token;
  }

  /**
   * The pool at an address.
   *
   * @param url as {@code http://127.0.0.1:3334}
   * @param tokenFile null: without a token
   * @throws CommandFailure when the address is none or the token cannot be read
   */
  static PoolApi at(URI url, @Nullable Path tokenFile) throws CommandFailure {
    if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
      throw new CommandFailure(2, "--url is no address (expected: like http://127.0.0.1:3334)");
    }
    String text = url.toString();
    return new PoolApi(
        URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text),
        tokenFile == null ? null : token(tokenFile));
  }

  /**
   * The pool of some settings on this machine.
   *
   * @param tokenFile null: the one of the settings, where it can be read
   * @return empty when no pool has opened its web port with these settings
   */
  static Optional<PoolApi> of(PoolConfig config, @Nullable Path tokenFile) throws CommandFailure {
    Path note = config.dataDir().resolve(Web.ADDRESS_FILE);
    if (!config.web().enabled() || !Files.isReadable(note)) {
      return Optional.empty();
    }
    Path own = config.web().tokenFile().orElse(config.dataDir().resolve(Tokens.FILE));
    Path file = tokenFile != null ? tokenFile : Files.isReadable(own) ? own : null;
    try {
      return Optional.of(
          new PoolApi(
              URI.create(Files.readString(note).strip()), file == null ? null : token(file)));
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(1, note + " cannot be read: " + e.getMessage());
    }
  }

  private static String token(Path file) throws CommandFailure {
    try {
      return Tokens.read(file);
    } catch (IOException e) {
      throw new CommandFailure(1, String.valueOf(e.getMessage()));
    }
  }

  /** One segment of a path, or a value of a query. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Asks.
   *
   * @param path below {@code /api/v1}
   * @throws CommandFailure when the pool does not answer or says no, in its own words
   */
  JsonNode get(String path) throws CommandFailure, InterruptedException {
    return send("GET", path, "")
        .orElseThrow(() -> new CommandFailure(1, "the pool knows no " + path));
  }

  /** Asks for something that may not be there: then empty. */
  Optional<JsonNode> find(String path) throws CommandFailure, InterruptedException {
    return send("GET", path, "");
  }

  /** Has the pool do something. */
  JsonNode post(String path) throws CommandFailure, InterruptedException {
    return send("POST", path, "")
        .orElseThrow(() -> new CommandFailure(1, "the pool knows no " + path));
  }

  /** Has the pool do something that needs to be said more closely. */
  JsonNode post(String path, JsonNode body) throws CommandFailure, InterruptedException {
    return send("POST", path, body.toString())
        .orElseThrow(() -> new CommandFailure(1, "the pool knows no " + path));
  }

  /**
   * All rows of a list, page by page.
   *
   * @param path without offset and limit
   * @param most rows at most
   */
  List<JsonNode> list(String path, int most) throws CommandFailure, InterruptedException {
    List<JsonNode> rows = new ArrayList<>();
    String join = path.contains("?") ? "&" : "?";
    while (rows.size() < most) {
      int limit = Math.min(PAGE, most - rows.size());
      JsonNode page = get(path + join + "offset=" + rows.size() + "&limit=" + limit);
      page.path("items").forEach(rows::add);
      if (page.path("items").isEmpty() || rows.size() >= page.path("total").asLong()) {
        break;
      }
    }
    return rows;
  }

  private Optional<JsonNode> send(String method, String path, String body)
      throws CommandFailure, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int tries = 1; ; tries++) {
      HttpResponse<String> response = send(request.build());
      if (response.statusCode() == TOO_MANY && tries < TRIES) {
        // As its Retry-After says.
        TimeUnit.SECONDS.sleep(1);
        continue;
      }
      return answer(response);
    }
  }

  private HttpResponse<String> send(HttpRequest request)
      throws CommandFailure, InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException | ConnectException e) {
      throw new CommandFailure(
          NOT_RUNNING, "no pool answers at " + base + "; is it running, and web.enabled?");
    } catch (IOException e) {
      throw new CommandFailure(1, base + " does not answer like a pool: " + e.getMessage());
    }
  }

  private Optional<JsonNode> answer(HttpResponse<String> response) throws CommandFailure {
    int status = response.statusCode();
    JsonNode answer;
    try {
      answer = JSON.readTree(response.body());
    } catch (JacksonException e) {
      throw new CommandFailure(1, base + " does not answer like a pool");
    }
    if (status == OK) {
      return Optional.of(answer);
    }
    if (status == NOT_FOUND) {
      return Optional.empty();
    }
    String words = Table.printable(answer.path("detail").asString("no (" + status + ")"));
    if (status == UNAUTHORIZED) {
      throw new CommandFailure(
          NOT_ALLOWED,
          token == null
              ? "this needs the pool's token; name its file by --token-file"
              : "the pool does not take this token: " + words);
    }
    throw new CommandFailure(1, "the pool says: " + words);
  }
}
