package org.adit.pool.stratum.v1;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.mining.FleetMeter;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.mining.MiningChannel;
import org.adit.pool.mining.Worker;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.stratum.SessionMemory;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;

/**
 * Translates Stratum V1 methods onto a {@link MiningChannel}: what one connection may say and in
 * which state (Stratum V1 specification section 2). Jobs are {@link V1Jobs}' business, users {@link
 * V1Workers}', shares {@link V1Shares}'. Runs on the connection's event loop.
 */
final class V1Miner {
  private static final int MAX_USER_AGENT = 128;
  private static final int VERSION_ID = 2_000_000_001;
  private static final int SESSION_ID_DIGITS = 16;

  private final SessionContext context;
  private final V1Session session;
  private final ReplyQueue replies;
  private final DifficultyWishes wishes;
  private final V1Workers workers;
  private final V1Jobs jobs;
  private final V1Shares shares;
  private String sessionId;
  private OptionalInt prefix = OptionalInt.empty();
  private SessionMemory.@Nullable Seat resumed;
  private boolean subscribed;
  private final long connectedAtMillis;
  private String userAgent = "";
  private Map<String, String> info = Map.of();
  private boolean askedVersion;
  private @Nullable LiveSession live;

  V1Miner(V1Loop loop, ListenerSettings listener, V1Session session, ReplyQueue replies) {
    this.context = loop.context();
    this.session = session;
    this.replies = replies;
    this.wishes = new DifficultyWishes(listener);
    this.workers = new V1Workers(context, session);
    this.jobs = new V1Jobs(loop, session, replies, wishes);
    this.shares = new V1Shares(context, session, replies, workers, jobs);
    this.connectedAtMillis = context.channels().clock().millis();
    this.sessionId = HexFormat.of().toHexDigits(context.sessionIds().getAsLong());
  }

  boolean subscribed() {
    return subscribed;
  }

  boolean authorized() {
    return workers.account() != null;
  }

  int openReplies() {
    return replies.size();
  }

  long lastAcceptedMillis() {
    return shares.lastAcceptedMillis();
  }

  private void hide() {
    LiveSession session = live;
    if (session != null) {
      context.channels().counters().fleet().closed(session);
      live = null;
    }
  }

  /** Gives back what the connection held, and leaves its seat for when the miner returns. */
  void release() {
    hide();
    MiningChannel mining = jobs.channel();
    Worker worker = workers.first();
    jobs.left();
    if (mining != null && worker != null && prefix.isPresent()) {
      context
          .memory()
          .remember(
              sessionId,
              new SessionMemory.Seat(prefix.getAsInt(), worker.account(), mining.jobs()));
      if (mining.acceptedShares() > 0) {
        context.difficulties().remember(worker, mining.vardiff().difficulty());
      }
    }
    prefix.ifPresent(context.extranonces()::release);
    prefix = OptionalInt.empty();
  }

  void malformed(@Nullable Object id, String message) {
    replies.next().reply(V1Encoder.error(id, V1Error.malformed(message), "null"));
  }

  /** A share in the usual form; false when the line needs the general way. */
  boolean submit(SubmitLine line) {
    return subscribed && shares.submit(line);
  }

  void handle(V1Request request) {
    String method = request.method();
    if (method == null) {
      heard(request);
      return;
    }
    switch (method) {
      case "mining.submit" -> submit(request);
      case "mining.configure" -> configure(request);
      case "mining.subscribe" -> subscribe(request);
      case "mining.authorize" -> authorize(request);
      case "mining.suggest_difficulty" -> suggest(request, DifficultyText.read(request.param(0)));
      case "mining.suggest_target" -> suggest(request, difficultyOfTarget(request.text(0)));
      case "mining.extranonce.subscribe", "mining.multi_version", "mining.capabilities" ->
          result(request, "true");
      case "mining.ping" -> result(request, "\"pong\"");
      case "mining.get_transactions", "mining.get_txnhashes" ->
          error(request, V1Error.malformed("not provided"), "null");
      case "mining.term" -> session.close("asked to");
      case "pong" -> {
        // ESP-Miner answers a ping with this request and expects no reply.
      }
      default -> error(request, V1Error.METHOD_NOT_FOUND, "null");
    }
  }

  void onWork(Work work) {
    if (jobs.channel() == null) {
      startWhenReady();
    } else {
      jobs.onWork(work);
    }
  }

  void onTick(long nowMillis) {
    jobs.onTick(nowMillis);
  }

  /** The place of a job in the order of lines has come, or the way for one is free again. */
  void writeOwedJob() {
    jobs.writeOwed();
  }

  private void submit(V1Request request) {
    if (subscribed) {
      shares.submit(request);
    } else {
      error(request, V1Error.NOT_SUBSCRIBED, "false");
    }
  }

  private void configure(V1Request request) {
    V1Configure answer = V1Configure.answer(request, context.serverMask());
    if (answer == null) {
      error(request, V1Error.malformed("malformed configure"), "null");
      return;
    }
    answer.versionMask().ifPresent(jobs::grantVersionMask);
    answer.minimumDifficulty().ifPresent(wishes::minimum);
    if (!answer.info().isEmpty()) {
      info = answer.info();
    }
    if (request.id() != null) {
      replies.nextHandshake().reply(V1Encoder.result(request.id(), answer.resultJson()));
    }
    jobs.updateBounds();
  }

  private void subscribe(V1Request request) {
    if (prefix.isEmpty()) {
      prefix = takePrefix(request.text(1));
      if (prefix.isEmpty()) {
        error(request, V1Error.malformed("the pool is full, try again later"), "null");
        session.close("no extranonce left");
        return;
      }
    }
    String agent = request.text(0);
    if (agent != null) {
      userAgent = printable(agent);
      wishes.profile(ClientProfile.of(userAgent, context.profiles()));
    }
    subscribed = true;
    String result =
        "[[[\"mining.set_difficulty\",\""
            + sessionId
            + "\"],[\"mining.notify\",\""
            + sessionId
            + "\"]],\""
            + V1Encoder.hex8(prefix.getAsInt())
            + "\","
            + MiningChannel.EXTRANONCE2_BYTES
            + "]";
    if (request.id() != null) {
      replies.nextHandshake().reply(V1Encoder.result(request.id(), result));
    }
    startWhenReady();
  }

  // A miner that was here lately finds its extranonce again, and may hand in what it has found.
  private OptionalInt takePrefix(@Nullable String presentedId) {
    if (presentedId != null && presentedId.length() == SESSION_ID_DIGITS) {
      Optional<SessionMemory.Seat> seat = context.memory().take(presentedId);
      if (seat.isPresent() && context.extranonces().reclaim(seat.get().prefix())) {
        resumed = seat.get();
        sessionId = presentedId;
        return OptionalInt.of(seat.get().prefix());
      }
    }
    return context.extranonces().acquire();
  }

  private void authorize(V1Request request) {
    workers.authorize(
        request,
        replies.next(),
        () -> {
          Worker worker = workers.first();
          if (worker != null) {
            wishes.remembered(context.difficulties().recall(worker));
          }
          wishes.password(PasswordOptions.parse(request.text(1)));
          startWhenReady();
        });
  }

  private void suggest(V1Request request, Optional<Difficulty> wanted) {
    jobs.suggest(wanted);
    result(request, "true");
  }

  private static Optional<Difficulty> difficultyOfTarget(@Nullable String hex) {
    if (hex == null || hex.length() != 64) {
      return Optional.empty();
    }
    try {
      Target target = Target.ofHex(hex);
      return target.value().signum() == 0
          ? Optional.empty()
          : Optional.of(Difficulty.ofTarget(target).floorToPowerOfTwo());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void startWhenReady() {
    String account = workers.account();
    if (subscribed && account != null) {
      SessionMemory.Seat seat = resumed;
      jobs.start(
          prefix.orElseThrow(),
          HexFormat.fromHexDigitsToLong(sessionId),
          account,
          seat != null && seat.account().equals(account) ? seat.jobs() : List.of());
      appear();
      if (jobs.channel() != null) {
        askVersion();
      }
    }
  }

  /** Shows the people at the miner a line. */
  void show(String text) {
    if (jobs.channel() != null) {
      session.line(V1Encoder.showMessage(text));
    }
  }

  /** Asks the miner to connect anew. */
  void sendAway() {
    if (jobs.channel() != null) {
      session.line(V1Encoder.reconnect());
    }
  }

  // Asked of those only that did not say when they subscribed: others may take the question ill.
  private void askVersion() {
    if (userAgent.isEmpty() && !askedVersion) {
      askedVersion = true;
      session.line(V1Encoder.getVersion(VERSION_ID));
    }
  }

  private void heard(V1Request reply) {
    String text = reply.answer();
    boolean asked =
        askedVersion && userAgent.isEmpty() && Long.valueOf(VERSION_ID).equals(reply.id());
    if (asked && text != null) {
      userAgent = printable(text);
      wishes.profile(ClientProfile.of(userAgent, context.profiles()));
      hide();
      appear();
    }
  }

  /** Lets people see the connection. */
  private void appear() {
    MiningChannel mining = jobs.channel();
    Worker worker = workers.first();
    if (live == null && mining != null && worker != null) {
      FleetMeter fleet = context.channels().counters().fleet();
      LiveSession session =
          new LiveSession(
              fleet.newSessionId(),
              "sv1",
              userAgent,
              info,
              worker,
              connectedAtMillis,
              mining.meter());
      live = session;
      fleet.opened(session);
    }
  }

  // ---- helpers ----

  private void result(V1Request request, String json) {
    if (request.id() != null) {
      replies.next().reply(V1Encoder.result(request.id(), json));
    }
  }

  private void error(V1Request request, V1Error error, String resultJson) {
    if (request.id() != null) {
      replies.next().reply(V1Encoder.error(request.id(), error, resultJson));
    }
  }

  static String printable(String agent) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < agent.length() && out.length() < MAX_USER_AGENT; i++) {
      char c = agent.charAt(i);
      if (c >= 0x20 && c < 0x7f) {
        out.append(c);
      }
    }
    return out.toString();
  }
}
