package org.adit.miner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A small pool on a loopback socket. It judges shares with arithmetic of its own, so that an error
 * the client shares with the hasher's helpers would show.
 */
final class StratumPeer implements AutoCloseable {
  /** What to do with mining.configure. */
  enum Configure {
    GRANT,
    REFUSE,
    UNKNOWN_METHOD,
    HANG_UP,
    SILENCE
  }

  /** The pool's habits; change before the client connects. */
  static final class Habits {
    volatile Configure configure = Configure.GRANT;
    volatile int mask = 0x1fffe000;
    volatile String extranonce1 = "0a0b0c0d";
    volatile int extranonce2Size = 8;
    volatile boolean authorize = true;
    volatile String difficulty = "0.00000095367431640625";
    volatile boolean answerShares = true;
  }

  /** A share as it came, with the pool's verdict: empty for a good one. */
  record Share(String jobId, String extranonce2, int time, int version, String verdict) {}

  private record Job(List<String> texts, List<String> branch, String difficulty, int connection) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();
  private static final BigInteger D1 = BigInteger.valueOf(0xffff).shiftLeft(208);

  final Habits habits = new Habits();
  final List<Share> shares = new CopyOnWriteArrayList<>();
  final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private volatile @Nullable Socket client;
  private final AtomicInteger connections = new AtomicInteger();
  private int nextJob;

  StratumPeer() throws IOException {
    this(0);
  }

  StratumPeer(int port) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  PoolUrl url() {
    return new PoolUrl("127.0.0.1", port(), false);
  }

  int connections() {
    return connections.get();
  }

  /** Good shares so far. */
  long good() {
    return shares.stream().filter(s -> s.verdict().isEmpty()).count();
  }

  List<String> methods() {
    return received.stream().map(m -> m.path("method").asString("")).toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        client = socket;
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket, int connection) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      while (line != null) {
        JsonNode message = JSON.readTree(line);
        received.add(message);
        if (!answer(message, connection)) {
          return;
        }
        line = in.readLine();
      }
    } catch (IOException e) {
      // The client hung up.
    }
  }

  private boolean answer(JsonNode message, int connection) throws IOException {
    String id = message.path("id").toString();
    switch (message.path("method").asString("")) {
      case "mining.configure" -> {
        return configure(id);
      }
      case "mining.subscribe" ->
          result(
              id,
              "[[[\"mining.set_difficulty\",\"s\"],[\"mining.notify\",\"s\"]],\"%s\",%d]"
                  .formatted(habits.extranonce1, habits.extranonce2Size));
      case "mining.authorize" -> {
        if (habits.authorize) {
          result(id, "true");
          setDifficulty(habits.difficulty);
          notifyJob(true);
        } else {
          error(id, 24, "unauthorized worker", "false");
        }
      }
      case "mining.submit" -> submit(id, message.path("params"), connection);
      case "" -> {}
      default -> result(id, "true");
    }
    return true;
  }

  private boolean configure(String id) throws IOException {
    switch (habits.configure) {
      case GRANT ->
          result(
              id,
              "{\"version-rolling\":true,\"version-rolling.mask\":\"%08x\"}"
                  .formatted(habits.mask));
      case REFUSE -> result(id, "{\"version-rolling\":false}");
      case UNKNOWN_METHOD -> error(id, -3, "method not found", "null");
      case HANG_UP -> {
        return false;
      }
      case SILENCE -> {}
    }
    return true;
  }

  private void result(String id, String result) throws IOException {
    send("{\"id\":%s,\"result\":%s,\"error\":null}".formatted(id, result));
  }

  private void error(String id, int code, String text, String result) throws IOException {
    send("{\"id\":%s,\"result\":%s,\"error\":[%d,\"%s\",null]}".formatted(id, result, code, text));
  }

  void setDifficulty(String difficulty) throws IOException {
    habits.difficulty = difficulty;
    send(
        "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[%s]}".formatted(difficulty));
  }

  /** Sends a job unlike all before and returns its id. */
  synchronized String notifyJob(boolean clean) throws IOException {
    String id = Integer.toHexString(++nextJob);
    String salt = "%08x".formatted(nextJob);
    String previous = HEX.formatHex(digest(new byte[] {(byte) nextJob}));
    List<String> branch =
        List.of(HEX.formatHex(digest(new byte[] {1})), HEX.formatHex(digest(new byte[] {2})));
    List<String> texts =
        List.of(previous, "02000000" + salt, "ffff" + salt, "20000000", "1d00ffff", "65a0bc00");
    jobs.put(id, new Job(texts, branch, habits.difficulty, connections.get()));
    send(
        "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"%s\",\"%s\",\"%s\",\"%s\",[\"%s\"],\"%s\",\"%s\",\"%s\",%s]}"
            .formatted(
                id,
                texts.get(0),
                texts.get(1),
                texts.get(2),
                String.join("\",\"", branch),
                texts.get(3),
                texts.get(4),
                texts.get(5),
                clean));
    return id;
  }

  /** Sends a line to the newest connection. */
  synchronized void send(String line) throws IOException {
    Socket socket = client;
    if (socket != null) {
      OutputStream out = socket.getOutputStream();
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  void hangUp() throws IOException {
    Socket socket = client;
    if (socket != null) {
      socket.close();
    }
  }

  private void submit(String id, JsonNode params, int connection) throws IOException {
    Share share = judge(params, connection);
    shares.add(share);
    if (!habits.answerShares) {
      return;
    }
    if (share.verdict().isEmpty()) {
      result(id, "true");
    } else {
      error(id, 20, share.verdict(), "false");
    }
  }

  private synchronized Share judge(JsonNode params, int connection) {
    String jobId = params.path(1).asString();
    String extranonce2 = params.path(2).asString();
    int time = Integer.parseUnsignedInt(params.path(3).asString(), 16);
    Job job = jobs.get(jobId);
    if (job == null || job.connection() != connection) {
      return new Share(jobId, extranonce2, time, 0, "job not found");
    }
    boolean rolling = habits.configure == Configure.GRANT;
    if (params.size() != (rolling ? 6 : 5)) {
      return new Share(jobId, extranonce2, time, 0, "wrong number of parameters");
    }
    int bits = rolling ? Integer.parseUnsignedInt(params.path(5).asString(), 16) : 0;
    int version = (Integer.parseUnsignedInt(job.texts().get(3), 16) & ~habits.mask) | bits;
    if ((bits & ~habits.mask) != 0) {
      return new Share(jobId, extranonce2, time, version, "version bits not allowed");
    }
    if (extranonce2.length() != 2 * habits.extranonce2Size) {
      return new Share(jobId, extranonce2, time, version, "bad extranonce2 size");
    }
    byte[] coinbase =
        HEX.parseHex(job.texts().get(1) + habits.extranonce1 + extranonce2 + job.texts().get(2));
    byte[] root = digest(coinbase);
    for (String entry : job.branch()) {
      root = digest(concat(root, HEX.parseHex(entry)));
    }
    byte[] header =
        concat(
            littleEndian(version),
            swapWords(HEX.parseHex(job.texts().get(0))),
            root,
            littleEndian(time),
            littleEndian(Integer.parseUnsignedInt(job.texts().get(4), 16)),
            littleEndian(Integer.parseUnsignedInt(params.path(4).asString(), 16)));
    byte[] hash = digest(header);
    BigDecimal target = new BigDecimal(D1).divideToIntegralValue(new BigDecimal(job.difficulty()));
    boolean met = new BigInteger(1, reversed(hash)).compareTo(target.toBigInteger()) <= 0;
    String verdict = !met ? "low difficulty" : seen.add(HEX.formatHex(header)) ? "" : "duplicate";
    return new Share(jobId, extranonce2, time, version, verdict);
  }

  private static byte[] digest(byte[] data) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return sha.digest(sha.digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] littleEndian(int v) {
    return new byte[] {(byte) v, (byte) (v >>> 8), (byte) (v >>> 16), (byte) (v >>> 24)};
  }

  private static byte[] swapWords(byte[] b) {
    byte[] out = new byte[b.length];
    for (int i = 0; i < b.length; i += 4) {
      for (int j = 0; j < 4; j++) {
        out[i + j] = b[i + 3 - j];
      }
    }
    return out;
  }

  private static byte[] reversed(byte[] b) {
    byte[] out = new byte[b.length];
    for (int i = 0; i < b.length; i++) {
      out[i] = b[b.length - 1 - i];
    }
    return out;
  }

  private static byte[] concat(byte[]... parts) {
    List<Byte> all = new ArrayList<>();
    for (byte[] part : parts) {
      for (byte b : part) {
        all.add(b);
      }
    }
    byte[] out = new byte[all.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = all.get(i);
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    server.close();
    hangUp();
  }
}
