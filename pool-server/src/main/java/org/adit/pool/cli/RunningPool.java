package org.adit.pool.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.pool.web.Tokens;
import org.adit.pool.web.Web;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Options that say which running pool's API is asked. */
final class RunningPool {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the pool's token; default: the one of the configuration.")
  private @Nullable Path tokenFile;

  static final class Choice {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "The pool's configuration file, on the pool's machine.")
    private @Nullable Path config;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "The pool's address, as http://127.0.0.1:3334.")
    private @Nullable URI url;
  }

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private @Nullable URI base;
  private @Nullable String token;

  /** One segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Asks.
   *
   * @param path below {@code /api/v1}
   * @throws CommandFailure when the pool does not answer or says no, in its own words
   */
  JsonNode get(String path) throws CommandFailure, ConfigException, InterruptedException {
    return send("GET", path, "");
  }

  /** Has the pool do something. */
  JsonNode post(String path) throws CommandFailure, ConfigException, InterruptedException {
    return send("POST", path, "");
  }

  /** Has the pool do something that needs to be said more closely. */
  JsonNode post(String path, JsonNode body)
      throws CommandFailure, ConfigException, InterruptedException {
    return send("POST", path, body.toString());
  }

  private JsonNode send(String method, String path, String body)
      throws CommandFailure, ConfigException, InterruptedException {
    URI address = address();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new CommandFailure(
            1, "the pool says: " + Table.printable(answer.path("detail").asString("no")));
      }
      return answer;
    } catch (JacksonException e) {
      throw new CommandFailure(1, address + " does not answer like a pool");
    } catch (IOException e) {
      throw new CommandFailure(
          1, "no pool answers at " + address + "; is it running, and web.enabled?");
    }
  }

  private URI address() throws CommandFailure, ConfigException {
    URI known = base;
    if (known != null) {
      return known;
    }
    try {
      known = choice.config != null ? ofConfig(choice.config) : choice.url;
      if (tokenFile != null) {
        token = Tokens.read(tokenFile);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(1, String.valueOf(e.getMessage()));
    }
    if (known == null || known.getHost() == null) {
      throw new CommandFailure(2, "--url is no address (expected: like http://127.0.0.1:3334)");
    }
    base = known;
    return known;
  }

  private URI ofConfig(Path file) throws ConfigException, IOException {
    PoolConfig config = ConfigLoader.load(file).config();
    Path ownToken = config.web().tokenFile().orElse(config.dataDir().resolve(Tokens.FILE));
    if (Files.isReadable(ownToken)) {
      token = Tokens.read(ownToken);
    }
    Path note = config.dataDir().resolve(Web.ADDRESS_FILE);
    if (!Files.isReadable(note)) {
      throw new IOException(
          "no pool has opened its web port with these settings yet (no " + note + ")");
    }
    return URI.create(Files.readString(note).strip());
  }
}
