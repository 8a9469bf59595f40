package org.adit.pool.stratum.v1;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;
import org.adit.pool.mining.AuthorizationException;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.mining.MiningChannel;
import org.adit.pool.mining.SentJob;
import org.adit.pool.mining.ShareVerdict;
import org.adit.pool.mining.Submission;
import org.adit.pool.mining.Vardiff;
import org.adit.pool.mining.Worker;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates Stratum V1 methods onto a {@link MiningChannel}: states, replies and jobs of one
 * connection (Stratum V1 specification sections 2 to 4). Runs on the connection's event loop.
 */
final class V1Miner {
  private static final Logger LOG = LoggerFactory.getLogger(V1Miner.class);
  private static final int MAX_USER_AGENT = 128;
  private static final long FIRST_FAILURE_DELAY_MILLIS = 1_000;
  private static final long MAX_FAILURE_DELAY_MILLIS = 30_000;

  private final SessionContext context;
  private final V1Session session;
  private final ReplyQueue replies;
  private final DifficultyWishes wishes;
  private final NotifyLines notifyLines = new NotifyLines();
  private final Map<String, Worker> workers = new HashMap<>();
  private final String sessionId;
  private OptionalInt prefix = OptionalInt.empty();
  private boolean subscribed;
  private @Nullable String account;
  private @Nullable Integer grantedMask;
  private @Nullable MiningChannel channel;
  private @Nullable Tip lastTip;
  private @Nullable Difficulty announced;
  private int failedAuthorizations;
  private long lastAcceptedMillis;

  V1Miner(
      SessionContext context, ListenerSettings listener, V1Session session, ReplyQueue replies) {
    this.context = context;
    this.session = session;
    this.replies = replies;
    this.wishes = new DifficultyWishes(listener);
    this.sessionId = HexFormat.of().toHexDigits(context.sessionIds().getAsLong());
  }

  boolean subscribed() {
    return subscribed;
  }

  boolean authorized() {
    return account != null;
  }

  int openReplies() {
    return replies.size();
  }

  long lastAcceptedMillis() {
    return lastAcceptedMillis;
  }

  /** Gives back what the connection held. */
  void release() {
    prefix.ifPresent(context.extranonces()::release);
    prefix = OptionalInt.empty();
  }

  void malformed(@Nullable Object id, String message) {
    replies.next().reply(V1Encoder.error(id, V1Error.malformed(message), "null"));
  }

  void handle(V1Request request) {
    String method = request.method();
    if (method == null) {
      return; // an answer to something asked; nothing waits for it
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

  // ---- handshake ----

  private void configure(V1Request request) {
    V1Configure answer = V1Configure.answer(request, context.serverMask());
    if (answer == null) {
      error(request, V1Error.malformed("malformed configure"), "null");
      return;
    }
    answer.versionMask().ifPresent(this::grant);
    answer.minimumDifficulty().ifPresent(wishes::minimum);
    if (request.id() != null) {
      replies.nextHandshake().reply(V1Encoder.result(request.id(), answer.resultJson()));
    }
    updateBounds();
  }

  private void grant(int mask) {
    grantedMask = mask;
    if (channel != null) {
      channel.grantVersionMask(mask);
    }
  }

  private void subscribe(V1Request request) {
    if (prefix.isEmpty()) {
      prefix = context.extranonces().acquire();
      if (prefix.isEmpty()) {
        error(request, V1Error.malformed("the pool is full, try again later"), "null");
        session.close("no extranonce left");
        return;
      }
    }
    String agent = request.text(0);
    if (agent != null) {
      wishes.profile(ClientProfile.of(printable(agent)));
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

  private void authorize(V1Request request) {
    ReplyQueue.Slot reply = replies.next();
    String user = request.text(0);
    Optional<UserName> name = UserName.parse(user);
    if (user == null || name.isEmpty()) {
      refuse(request, reply, "user is missing, too long or has unprintable characters");
      return;
    }
    if (workers.containsKey(user)) {
      finish(request, reply, V1Encoder.result(request.id(), "true"));
      return;
    }
    String resolved;
    try {
      resolved = context.workers().account(name.get().account());
    } catch (AuthorizationException e) {
      refuse(request, reply, String.valueOf(e.getMessage()));
      return;
    }
    if (workers.size() >= context.limits().workersPerConnection()) {
      refuse(request, reply, "too many workers on one connection");
    } else if (context.onePayoutAccount() && account != null && !account.equals(resolved)) {
      refuse(request, reply, "all workers of a connection mine to one address here");
    } else {
      enlist(
          resolved,
          name.get().worker(),
          worker -> authorized(request, reply, user, worker),
          () -> {
            String text = "the pool cannot register workers now";
            finish(request, reply, V1Encoder.error(request.id(), V1Error.malformed(text), "false"));
          });
    }
  }

  private void authorized(V1Request request, ReplyQueue.Slot reply, String user, Worker worker) {
    workers.put(user, worker);
    if (account == null) {
      account = worker.account();
      wishes.password(PasswordOptions.parse(request.text(1)));
    }
    finish(request, reply, V1Encoder.result(request.id(), "true"));
    startWhenReady();
  }

  private void enlist(
      String resolved, String name, java.util.function.Consumer<Worker> then, Runnable failed) {
    Optional<Worker> known = context.workers().known(resolved, name);
    if (known.isPresent()) {
      then.accept(known.get());
      return;
    }
    session.await(
        context.workers().enlist(resolved, name),
        then,
        failure -> {
          LOG.error("a worker could not be registered", failure);
          failed.run();
        });
  }

  private void refuse(V1Request request, ReplyQueue.Slot reply, String why) {
    failedAuthorizations++;
    byte[] line =
        V1Encoder.error(request.id(), new V1Error(24, "unauthorized worker: " + why), "false");
    if (failedAuthorizations >= context.limits().failedAuthorizes()) {
      finish(request, reply, line);
      session.close("failed to authorise " + failedAuthorizations + " times");
      return;
    }
    // Each failure waits twice as long, so that nobody tries a list of names.
    long delay =
        Math.min(
            MAX_FAILURE_DELAY_MILLIS,
            FIRST_FAILURE_DELAY_MILLIS << Math.min(10, failedAuthorizations - 1));
    session.pause(delay, () -> finish(request, reply, line));
  }

  private static void finish(V1Request request, ReplyQueue.Slot reply, byte[] line) {
    reply.reply(request.id() == null ? new byte[0] : line);
  }

  private void suggest(V1Request request, Optional<Difficulty> wanted) {
    long now = now();
    if (wanted.isPresent() && wishes.suggest(wanted.get(), now)) {
      MiningChannel mining = channel;
      Work work = context.jobs().current();
      if (mining != null && work != null) {
        mining.vardiff().bounds(wishes.floor(work, now), wishes.cap(work), now);
        mining.vardiff().suggest(wanted.get(), now);
      }
    }
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

  // ---- work ----

  void onWork(Work work) {
    if (account == null || !subscribed) {
      return;
    }
    if (channel == null) {
      startWhenReady();
      return;
    }
    updateBounds();
    send(work.jobFor(account), false);
  }

  void onTick(long nowMillis) {
    MiningChannel mining = channel;
    if (mining == null) {
      return;
    }
    if (!wishes.fractionsAllowed() && mining.vardiff().emptyWindows() >= 2) {
      wishes.allowFractions();
      updateBounds();
    }
    mining.tick(nowMillis);
  }

  private void startWhenReady() {
    Work work = context.jobs().current();
    if (channel != null || !subscribed || account == null || work == null) {
      return;
    }
    byte[] bytes = ByteBuffer.allocate(4).putInt(prefix.orElseThrow()).array();
    MiningChannel mining =
        new MiningChannel(context.channels(), bytes, wishes.start(work, now()), this::deliver);
    if (grantedMask != null) {
      mining.grantVersionMask(grantedMask);
    }
    channel = mining;
    send(work.jobFor(account), true);
  }

  private void deliver(Vardiff.Change change) {
    Work work = context.jobs().current();
    if (change.delivery() != Vardiff.Delivery.NEXT_JOB && work != null && account != null) {
      boolean clean = change.delivery() == Vardiff.Delivery.FRESH_CLEAN_JOB;
      send(work.freshJobFor(account), clean);
    }
  }

  private void send(MiningJob job, boolean forceClean) {
    MiningChannel mining = channel;
    if (mining == null) {
      return;
    }
    boolean firstOnTip = job.tip() != lastTip;
    lastTip = job.tip();
    SentJob sent = mining.send(job, firstOnTip);
    byte[] line = notifyLines.of(job, firstOnTip || forceClean);
    Difficulty difficulty = sent.requirement().difficulty();
    if (announced == null || !difficulty.equals(announced)) {
      // In one write with the job: clients apply a difficulty at different moments otherwise (R1).
      announced = difficulty;
      byte[] change = V1Encoder.setDifficulty(difficulty);
      byte[] both = new byte[change.length + line.length];
      System.arraycopy(change, 0, both, 0, change.length);
      System.arraycopy(line, 0, both, change.length, line.length);
      line = both;
    }
    replies.notification(line);
  }

  private void updateBounds() {
    Work work = context.jobs().current();
    if (channel != null && work != null) {
      long now = now();
      channel.vardiff().bounds(wishes.floor(work, now), wishes.cap(work), now);
    }
  }

  // ---- shares ----

  private void submit(V1Request request) {
    if (!subscribed) {
      error(request, V1Error.NOT_SUBSCRIBED, "false");
      return;
    }
    String user = request.text(0);
    Worker worker = user == null ? null : workers.get(user);
    if (worker != null) {
      submit(request, worker, replies.next());
      return;
    }
    Optional<UserName> name = UserName.parse(user);
    if (account == null
        || user == null
        || name.isEmpty()
        || !isOwnAccount(name.get().account())
        || workers.size() >= context.limits().workersPerConnection()) {
      error(request, V1Error.UNAUTHORIZED, "false");
      return;
    }
    // A proxy sends other worker names of an account it has authorised: enter them silently.
    ReplyQueue.Slot reply = replies.next();
    enlist(
        account,
        name.get().worker(),
        enlisted -> {
          workers.put(user, enlisted);
          submit(request, enlisted, reply);
        },
        () -> finish(request, reply, V1Encoder.error(request.id(), V1Error.UNAUTHORIZED, "false")));
  }

  private boolean isOwnAccount(String name) {
    try {
      return context.workers().account(name).equals(account);
    } catch (AuthorizationException e) {
      return false;
    }
  }

  private void submit(V1Request request, Worker worker, ReplyQueue.Slot reply) {
    MiningChannel mining = channel;
    try {
      if (request.params().size() < 5) {
        throw new V1Submit.BadSubmitException("malformed submit: fewer than 5 parameters");
      }
      long jobId = V1Submit.jobId(request);
      SentJob sent = mining == null ? null : mining.job(jobId);
      if (mining == null || sent == null) {
        ShareVerdict unknown = new ShareVerdict.UnknownJob();
        count(worker, unknown.label());
        finish(request, reply, V1Encoder.error(request.id(), V1Error.of(unknown), "false"));
        return;
      }
      Submission share = V1Submit.parse(request, worker, MiningChannel.EXTRANONCE2_BYTES);
      mining.submit(sent, share, verdict -> answer(request, reply, verdict));
    } catch (V1Submit.BadSubmitException e) {
      count(worker, "malformed");
      V1Error malformed = V1Error.malformed(String.valueOf(e.getMessage()));
      finish(request, reply, V1Encoder.error(request.id(), malformed, "false"));
    }
  }

  private void answer(V1Request request, ReplyQueue.Slot reply, ShareVerdict verdict) {
    if (verdict instanceof ShareVerdict.Accepted) {
      lastAcceptedMillis = now();
      finish(request, reply, V1Encoder.result(request.id(), "true"));
    } else {
      finish(request, reply, V1Encoder.error(request.id(), V1Error.of(verdict), "false"));
    }
  }

  private void count(Worker worker, String label) {
    context.channels().counters().rejected(label);
    context.channels().rejects().rejected(worker, label);
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

  private long now() {
    return context.channels().clock().millis();
  }

  private static String printable(String agent) {
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
