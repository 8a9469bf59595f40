package org.adit.pool.bitcoind;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.config.BitcoindConfig;
import org.adit.config.RpcCredentials;
import org.adit.pool.bitcoind.NodeUnavailableException.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC over HTTP to one bitcoind. Connections are kept and reused; calls block the calling
 * (virtual) thread and may run side by side. Each call ends within its timeout. Numbers with a
 * fraction arrive as exact decimals.
 */
public final class RpcClient implements AutoCloseable {
  /** A block in hex and JSON stays below 20 MB; this leaves room for verbose answers. */
  private static final long MAX_ANSWER_BYTES = 64L << 20;

  private static final Duration MAX_CONNECT_TIME = Duration.ofSeconds(5);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final HttpClient http;
  private volatile boolean closed;
  private final boolean ownsHttp;
  private final URI url;
  private final RpcLogin login;
  private final Duration timeout;
  private final AtomicLong lastId;

  /** When each call under way began, by its id. */
  private final Map<Long, Long> beganNanos = new ConcurrentHashMap<>();

  /**
   * A client; nothing is sent yet.
   *
   * @param url {@code http://host:port}
   * @param credentials cookie file or user and password
   * @param timeout how long a call may take from begin to end of the answer
   */
  public RpcClient(URI url, RpcCredentials credentials, Duration timeout) {
    this(newHttp(timeout), true, url, new RpcLogin(credentials), timeout, new AtomicLong());
  }

  /** A client with the settings of the configuration file. */
  public static RpcClient of(BitcoindConfig config) {
    return new RpcClient(config.url(), config.credentials(), config.requestTimeout());
  }

  private RpcClient(
      HttpClient http,
      boolean ownsHttp,
      URI url,
      RpcLogin login,
      Duration timeout,
      AtomicLong lastId) {
    this.http = http;
    this.ownsHttp = ownsHttp;
    this.url = url;
    this.login = login;
    this.timeout = timeout;
    this.lastId = lastId;
  }

  /**
   * The same node, with calls going to one of its wallets; shares connections and ends with this
   * client.
   */
  public RpcClient forWallet(String name) {
    String path = "/wallet/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return new RpcClient(http, false, url.resolve(path), login, timeout, lastId);
  }

  /** The node's address, fit for messages. */
  public URI url() {
    return url;
  }

  /** The usual timeout of a call. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Calls a method with the usual timeout.
   *
   * @param parameters what Jackson can write: texts, numbers, booleans, lists, maps, JSON nodes
   * @return the {@code result}; JSON null is a null node, never Java null
   * @throws RpcException when the node answers with an error
   * @throws NodeUnavailableException when it gives no usable answer
   */
  public JsonNode call(String method, @Nullable Object... parameters)
      throws RpcException, NodeUnavailableException {
    return call(timeout, method, parameters);
  }

  /** Like {@link #call(String, Object...)} with a time limit of its own. */
  public JsonNode call(Duration limit, String method, @Nullable Object... parameters)
      throws RpcException, NodeUnavailableException {
    long id = lastId.incrementAndGet();
    ObjectNode request = JSON.createObjectNode();
    request.put("jsonrpc", "1.0").put("id", id).put("method", method);
    request.set("params", JSON.valueToTree(Arrays.asList(parameters)));
    byte[] body = JSON.writeValueAsBytes(request);

    beganNanos.put(id, System.nanoTime());
    try {
      HttpResponse<byte[]> response = exchange(method, body, limit);
      return result(method, id, response);
    } finally {
      beganNanos.remove(id);
    }
  }

  /** How long the oldest call under way has been waiting for its answer; zero without any. */
  public Duration longestWait() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        beganNanos.values().stream().mapToLong(began -> now - began).max().orElse(0));
  }

  /** Breaks off calls under way; later calls fail. */
  @Override
  public void close() {
    closed = true;
    if (ownsHttp) {
      http.shutdownNow();
    }
  }

  private static HttpClient newHttp(Duration timeout) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(timeout.compareTo(MAX_CONNECT_TIME) < 0 ? timeout : MAX_CONNECT_TIME)
        // A proxy or redirect would see the credentials.
        .proxy(HttpClient.Builder.NO_PROXY)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private HttpResponse<byte[]> exchange(String method, byte[] body, Duration limit)
      throws NodeUnavailableException {
    long deadline = System.nanoTime() + limit.toNanos();
    String authorization = login.header();
    HttpResponse<byte[]> response = sendRepeatable(method, body, authorization, limit, deadline);
    if (response.statusCode() == 401 && login.forget(authorization)) {
      String fresh = login.header(); // The node writes a new cookie at each start.
      if (!fresh.equals(authorization)) {
        response = sendRepeatable(method, body, fresh, limit, deadline);
      }
    }
    return response;
  }

  /**
   * Sends, and once more when a kept connection turns out to be closed: bitcoind closes idle ones
   * after 30 s, and the JDK does not repeat a POST by itself. Only for calls whose repetition
   * changes nothing.
   */
  private HttpResponse<byte[]> sendRepeatable(
      String method, byte[] body, String authorization, Duration limit, long deadline)
      throws NodeUnavailableException {
    try {
      return send(method, body, authorization, limit, deadline);
    } catch (NodeUnavailableException e) {
      boolean repeatable =
          method.startsWith("get")
              || method.equals("submitblock")
              || method.equals("preciousblock");
      if (e.kind() != Kind.BAD_ANSWER || !repeatable) {
        throw e;
      }
      return send(method, body, authorization, limit, deadline);
    }
  }

  private HttpResponse<byte[]> send(
      String method, byte[] body, String authorization, Duration limit, long deadline)
      throws NodeUnavailableException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer = null;
    try {
      answer =
          http.sendAsync(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
      // The request's own timeout would end with the answer's head; this one holds for all of it.
      return answer.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeUnavailableException(
          Kind.INTERRUPTED, "call of " + method + " was interrupted", e);
    } catch (TimeoutException e) {
      throw new NodeUnavailableException(
          Kind.TIMEOUT,
          at() + " did not answer " + method + " within " + limit.toMillis() + " ms",
          e);
    } catch (CancellationException e) {
      throw new NodeUnavailableException(
          Kind.INTERRUPTED, "call of " + method + " was broken off", e);
    } catch (ExecutionException e) {
      throw failed(method, e.getCause() == null ? e : e.getCause());
    } finally {
      if (answer != null && !answer.isDone()) {
        answer.cancel(true);
      }
    }
  }

  private NodeUnavailableException failed(String method, Throwable cause) {
    if (closed || http.isTerminated()) {
      return new NodeUnavailableException(
          Kind.INTERRUPTED, "call of " + method + " was broken off", cause);
    }
    if (cause instanceof java.net.ConnectException
        || cause instanceof java.net.http.HttpConnectTimeoutException) {
      return new NodeUnavailableException(
          Kind.UNREACHABLE,
          at() + " cannot be reached: is it running, and is this its rpcport?",
          cause);
    }
    String detail =
        cause instanceof IOException
            ? Printable.of(String.valueOf(cause.getMessage()))
            : cause.toString();
    return new NodeUnavailableException(
        Kind.BAD_ANSWER, at() + " broke off the answer to " + method + ": " + detail, cause);
  }

  /** A full queue and a node that is going down answer with the same status. */
  private NodeUnavailableException unavailable(byte[] body) {
    String said = new String(body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return said.contains("work queue")
        ? new NodeUnavailableException(
            Kind.BUSY, at() + " has too many calls waiting; raise its rpcworkqueue and rpcthreads")
        : new NodeUnavailableException(Kind.UNREACHABLE, at() + " is shutting down");
  }

  private JsonNode result(String method, long id, HttpResponse<byte[]> response)
      throws RpcException, NodeUnavailableException {
    int status = response.statusCode();
    switch (status) {
      case 401 ->
          throw new NodeUnavailableException(
              Kind.LOGIN_REFUSED, at() + " refuses the login: " + login.advice());
      case 403 ->
          throw new NodeUnavailableException(
              Kind.LOGIN_REFUSED,
              at() + " does not serve this address or user; see its rpcallowip and rpcwhitelist");
      case 503 -> throw unavailable(response.body());
      default -> {}
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(response.body());
    } catch (JacksonException e) {
      // The exception's own text would repeat the answer.
      throw new NodeUnavailableException(
          Kind.BAD_ANSWER,
          at() + " answered " + method + " with HTTP " + status + " and no JSON: is it bitcoind?");
    }
    JsonNode error = answer.path("error");
    if (error.isObject()) {
      throw new RpcException(
          method, error.path("code").asInt(0), error.path("message").asString(""));
    }
    if (!answer.has("result") || answer.path("id").asLong(-1) != id) {
      throw new NodeUnavailableException(
          Kind.BAD_ANSWER,
          at()
              + " answered "
              + method
              + " with HTTP "
              + status
              + " and no result: is it bitcoind?");
    }
    return answer.get("result");
  }

  private String at() {
    return "bitcoind at " + url;
  }
}
