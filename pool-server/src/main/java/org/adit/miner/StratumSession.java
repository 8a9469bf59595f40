package org.adit.miner;

import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of Stratum V1 over one connection: what to say when, and what the pool's lines
 * mean. It knows neither sockets nor clocks. Lines and ticks come from one thread, shares from
 * many.
 */
final class StratumSession {
  /** Version bits 13 to 28, the ones miners may use (BIP 320). */
  static final int VERSION_MASK = 0x1fffe000;

  /** Shares without an answer; more would only say that the pool cannot follow. */
  static final int MAX_OUTSTANDING = 256;

  /** Overdue answers are looked for this often, not after every line. */
  private static final long TICK_NANOS = 100_000_000;

  private static final int MAX_MALFORMED = 10;
  private static final int MAX_MESSAGES = 100;
  private static final int MAX_EXTRANONCE = 32;
  private static final long MAX_RECONNECT_WAIT_SECONDS = 60;

  /** Where lines go. */
  @FunctionalInterface
  interface Output {
    /** Takes a line for sending; false when too many wait already. */
    boolean send(String line);
  }

  /** Told of what happens; called with the session's lock held, so it must not call back. */
  interface Events {
    void authorized();

    void work(MinerWork work);

    void accepted(Difficulty difficulty);

    void rejected(int code, String text);

    void unanswered(int shares);

    void message(String text);
  }

  private enum Kind {
    CONFIGURE,
    SUBSCRIBE,
    AUTHORIZE,
    OTHER,
    SUBMIT
  }

  private record Pending(Kind kind, long sentNanos, Difficulty difficulty) {}

  private final MinerOptions options;
  private final boolean configure;
  private final Output out;
  private final Events events;
  private final Map<Long, Pending> pending = new LinkedHashMap<>();
  private final Semaphore slots = new Semaphore(MAX_OUTSTANDING);
  private final AtomicLong units = new AtomicLong();

  private long nextId = 1;
  private long lastLineNanos;
  private long lastTickNanos;
  private int malformed;
  private int messages;
  private boolean configureAnswered;
  private boolean subscribed;
  private boolean authorized;
  private int versionMask;
  private boolean versionRolling;
  private byte[] extranonce1 = new byte[0];
  private int extranonce2Size;
  private Difficulty nextDifficulty = Difficulty.of(1);
  private @Nullable StratumJob job;
  private Difficulty jobDifficulty = nextDifficulty;
  private long generation;
  private volatile long oldestUseful;
  private @Nullable SessionEnd end;

  /**
   * Makes a session.
   *
   * @param configure whether to try {@code mining.configure} first; some old pools hang up on it
   */
  StratumSession(MinerOptions options, boolean configure, Output out, Events events) {
    this.options = options;
    this.configure = configure;
    this.out = out;
    this.events = events;
  }

  /** Says the first word. */
  synchronized void begin(long nowNanos) {
    lastLineNanos = nowNanos;
    lastTickNanos = nowNanos;
    if (configure) {
      ask(Kind.CONFIGURE, nowNanos, StratumRequests.configure(nextId, VERSION_MASK));
    } else {
      subscribe(nowNanos);
    }
  }

  /** Takes a line of the pool. */
  synchronized void onLine(String line, long nowNanos) {
    lastLineNanos = nowNanos;
    if (line.isBlank() || end != null) {
      return;
    }
    try {
      JsonValue.Obj message = JsonValue.parseObject(line);
      if (message.get("method") instanceof JsonValue.Text(String method)) {
        onRequest(method, message);
      } else {
        onReply(message, nowNanos);
      }
    } catch (ProtocolException e) {
      say("the pool sent " + e.getMessage() + "; ignored");
      if (++malformed >= MAX_MALFORMED) {
        finish(new SessionEnd.Lost("the pool does not speak Stratum"));
      }
    }
  }

  /** Looks whether an answer is overdue. */
  synchronized void tick(long nowNanos) {
    if (end != null || nowNanos - lastTickNanos < TICK_NANOS) {
      return;
    }
    lastTickNanos = nowNanos;
    MinerOptions.Timing timing = options.timing();
    for (Map.Entry<Long, Pending> entry : List.copyOf(pending.entrySet())) {
      Pending p = entry.getValue();
      Duration limit =
          switch (p.kind()) {
            case CONFIGURE -> timing.configure();
            case SUBSCRIBE, AUTHORIZE -> timing.handshake();
            case OTHER, SUBMIT -> timing.reply();
          };
      if (nowNanos - p.sentNanos() < limit.toNanos()) {
        continue;
      }
      switch (p.kind()) {
        case CONFIGURE -> {
          pending.remove(entry.getKey());
          say("the pool does not answer mining.configure; going on without version rolling");
          subscribe(nowNanos);
        }
        case OTHER -> pending.remove(entry.getKey());
        default -> {
          finish(new SessionEnd.Lost("the pool did not answer in " + limit.toSeconds() + " s"));
          return;
        }
      }
    }
    if (nowNanos - lastLineNanos >= timing.silence().toNanos()) {
      finish(
          new SessionEnd.Lost("nothing from the pool for " + timing.silence().toSeconds() + " s"));
    }
  }

  /** Why the session is over; null while it is not. */
  synchronized @Nullable SessionEnd end() {
    return end;
  }

  /** Ends the session from outside, unless it is over already. */
  synchronized void finish(SessionEnd reason) {
    if (end != null) {
      return;
    }
    end = reason;
    int open = (int) pending.values().stream().filter(p -> p.kind() == Kind.SUBMIT).count();
    pending.clear();
    if (open > 0) {
      events.unanswered(open);
    }
  }

  /** Whether the connection ended, or is at, the question some old pools hang up on. */
  synchronized boolean diedOnConfigure() {
    return configure && !configureAnswered && !subscribed;
  }

  synchronized boolean isAuthorized() {
    return authorized;
  }

  /** Whether the pool still takes finds for this work; cheap, for threads that find much. */
  boolean isUseful(MinerWork work) {
    return work.generation() >= oldestUseful;
  }

  /** Shares that wait for their answer. */
  int outstanding() {
    return MAX_OUTSTANDING - slots.availablePermits();
  }

  /**
   * Waits until one more share may be under way.
   *
   * @param stop asked every few milliseconds; once true the wait ends
   * @return whether {@link #submit} may be called, once
   */
  boolean awaitSlot(BooleanSupplier stop) throws InterruptedException {
    while (!slots.tryAcquire()) {
      if (stop.getAsBoolean()) {
        return false;
      }
      if (slots.tryAcquire(10, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    return true;
  }

  /**
   * Sends a find, if the pool still wants it. Needs a slot.
   *
   * @return whether it was sent; not when the job was withdrawn, a version bit is no longer
   *     allowed, or the session is over
   */
  synchronized boolean submit(
      MinerWork work, MinerWork.Unit unit, BlockHeader found, long nowNanos) {
    int rolled = found.version() ^ work.job().version();
    boolean wanted = end == null && isUseful(work) && (rolled & ~versionMask) == 0;
    if (!wanted) {
      slots.release();
      return false;
    }
    String time = String.format("%08x", found.time());
    String nonce = String.format("%08x", found.nonce());
    String jobId = work.job().id();
    List<String> params =
        versionRolling
            ? List.of(
                options.user(),
                jobId,
                unit.extranonce2(),
                time,
                nonce,
                String.format("%08x", found.version() & versionMask))
            : List.of(options.user(), jobId, unit.extranonce2(), time, nonce);
    long id = nextId++;
    pending.put(id, new Pending(Kind.SUBMIT, nowNanos, work.difficulty()));
    send(StratumRequests.submit(id, params));
    return true;
  }

  private void subscribe(long nowNanos) {
    ask(Kind.SUBSCRIBE, nowNanos, StratumRequests.subscribe(nextId));
  }

  private void ask(Kind kind, long nowNanos, String line) {
    pending.put(nextId++, new Pending(kind, nowNanos, nextDifficulty));
    send(line);
  }

  private void send(String line) {
    if (!out.send(line)) {
      finish(new SessionEnd.Lost("the pool does not read what it is sent"));
    }
  }

  private void onReply(JsonValue.Obj reply, long nowNanos) throws ProtocolException {
    Pending asked = pending.remove(StratumReplies.idOf(reply.get("id")));
    if (asked == null) {
      return;
    }
    switch (asked.kind()) {
      case CONFIGURE -> {
        configureAnswered = true;
        onConfigured(reply);
        subscribe(nowNanos);
      }
      case SUBSCRIBE -> {
        if (onSubscribed(reply)) {
          authorize(nowNanos);
        }
      }
      case AUTHORIZE -> onAuthorized(reply, nowNanos);
      case SUBMIT -> {
        // Counted before the slot is free: who waits for the last answers reads the counters next.
        onJudged(reply, asked.difficulty());
        slots.release();
      }
      case OTHER -> {}
    }
  }

  private void onConfigured(JsonValue.Obj reply) {
    if (reply.get("result") instanceof JsonValue.Obj granted
        && granted.get("version-rolling") instanceof JsonValue.Bool(boolean yes)
        && yes
        && granted.get("version-rolling.mask") instanceof JsonValue.Text(String mask)
        && mask.matches("[0-9a-fA-F]{1,8}")) {
      versionRolling = true;
      versionMask = Integer.parseUnsignedInt(mask, 16) & VERSION_MASK;
    } else {
      say("the pool grants no version rolling");
    }
  }

  private boolean onSubscribed(JsonValue.Obj reply) {
    if (!(reply.get("result") instanceof JsonValue.Arr result) || result.items().size() < 3) {
      finish(
          new SessionEnd.Lost(
              "the pool refused the subscription: " + StratumReplies.errorText(reply)));
      return false;
    }
    try {
      setExtranonce(result.at(1), result.at(2));
    } catch (ProtocolException e) {
      finish(new SessionEnd.Lost("the pool's subscription has " + e.getMessage()));
      return false;
    }
    subscribed = true;
    return true;
  }

  private void setExtranonce(JsonValue first, JsonValue size) throws ProtocolException {
    byte[] bytes = StratumJob.hex(first, -1, "extranonce1");
    if (bytes.length > MAX_EXTRANONCE
        || !(size instanceof JsonValue.Num(String digits))
        || !digits.matches("[0-9]{1,2}")
        || Integer.parseInt(digits) > MAX_EXTRANONCE) {
      throw new ProtocolException("extranonces that are too long");
    }
    extranonce1 = bytes;
    extranonce2Size = Integer.parseInt(digits);
  }

  private void authorize(long nowNanos) {
    ask(
        Kind.AUTHORIZE,
        nowNanos,
        StratumRequests.authorize(nextId, options.user(), options.password()));
  }

  private void onAuthorized(JsonValue.Obj reply, long nowNanos) {
    if (!(reply.get("result") instanceof JsonValue.Bool(boolean yes)) || !yes) {
      finish(
          new SessionEnd.Refused("the pool refused the user: " + StratumReplies.errorText(reply)));
      return;
    }
    authorized = true;
    events.authorized();
    if (options.url().extranonceSubscribe()) {
      ask(Kind.OTHER, nowNanos, StratumRequests.extranonceSubscribe(nextId));
    }
    options
        .suggestedDifficulty()
        .ifPresent(d -> ask(Kind.OTHER, nowNanos, StratumRequests.suggestDifficulty(nextId, d)));
    publish();
  }

  private void onJudged(JsonValue.Obj reply, Difficulty difficulty) {
    if (reply.get("result") instanceof JsonValue.Bool(boolean yes) && yes) {
      events.accepted(difficulty);
    } else {
      events.rejected(StratumReplies.errorCode(reply), StratumReplies.errorText(reply));
    }
  }

  private void onRequest(String method, JsonValue.Obj message) throws ProtocolException {
    JsonValue.Arr params =
        message.get("params") instanceof JsonValue.Arr a ? a : new JsonValue.Arr(List.of());
    switch (method) {
      case "mining.notify" -> onNotify(StratumJob.parse(params));
      case "mining.set_difficulty" -> onDifficulty(params.at(0));
      // Holds from the next job on.
      case "mining.set_extranonce" -> setExtranonce(params.at(0), params.at(1));
      case "mining.set_version_mask" -> onVersionMask(params.at(0));
      case "client.reconnect" -> onReconnect(params);
      case "client.show_message" -> {
        if (params.at(0) instanceof JsonValue.Text(String text)) {
          say("the pool says: " + Printable.of(text));
        }
      }
      case "client.get_version" -> answer(message.get("id"), StratumRequests.USER_AGENT);
      case "mining.ping" -> answer(message.get("id"), "pong");
      default -> {
        if (!(message.get("id") instanceof JsonValue.Null)) {
          send(StratumRequests.unknownMethod(message.get("id")));
        }
      }
    }
  }

  private void answer(JsonValue id, String result) {
    if (!(id instanceof JsonValue.Null)) {
      send(StratumRequests.reply(id, result));
    }
  }

  private void onNotify(StratumJob newJob) {
    job = newJob;
    // A difficulty holds for the jobs after it (specification 4.5, cpuminer and cgminer).
    jobDifficulty = nextDifficulty;
    if (newJob.clean()) {
      oldestUseful = generation + 1;
    }
    publish();
  }

  private void onDifficulty(JsonValue value) throws ProtocolException {
    String text =
        switch (value) {
          case JsonValue.Num n -> n.text();
          case JsonValue.Text t -> t.value();
          default -> "";
        };
    try {
      nextDifficulty = Difficulty.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("a difficulty that is no positive number");
    }
  }

  private void onVersionMask(JsonValue value) throws ProtocolException {
    if (!(value instanceof JsonValue.Text(String mask)) || !mask.matches("[0-9a-fA-F]{1,8}")) {
      throw new ProtocolException("a version mask that is no hex");
    }
    if (versionRolling) {
      // BIP 310: the new mask is valid at once.
      versionMask = Integer.parseUnsignedInt(mask, 16) & VERSION_MASK;
      publish();
    }
  }

  private void publish() {
    if (job != null && authorized && subscribed && end == null) {
      generation++;
      events.work(
          new MinerWork(
              this,
              job,
              generation,
              extranonce1,
              extranonce2Size,
              versionMask,
              jobDifficulty,
              units));
    }
  }

  private void onReconnect(JsonValue.Arr params) {
    String host = params.at(0) instanceof JsonValue.Text(String text) ? text : "";
    String mine = options.url().host();
    if (!host.isEmpty() && !host.toLowerCase(Locale.ROOT).equals(mine.toLowerCase(Locale.ROOT))) {
      say(
          "the pool asked to move to another host, "
              + Printable.of(host)
              + "; ignored, because on plain TCP anybody on the way could have written that");
      return;
    }
    long port = Math.max(0, StratumReplies.idOf(params.at(1)));
    long wait = Math.max(0, StratumReplies.idOf(params.at(2)));
    finish(
        new SessionEnd.Reconnect(
            "the pool asked to reconnect",
            port >= 1 && port <= 65535 ? (int) port : options.url().port(),
            Duration.ofSeconds(Math.min(wait, MAX_RECONNECT_WAIT_SECONDS))));
  }

  private void say(String text) {
    if (messages++ < MAX_MESSAGES) {
      events.message(text);
    }
  }

  /** The extranonces, for tests and logs: {@code 0a0b0c0d+8}. */
  @Override
  public synchronized String toString() {
    return HexFormat.of().formatHex(extranonce1) + "+" + extranonce2Size;
  }
}
