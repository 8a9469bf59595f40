package org.adit.pool.stratum.v1;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.adit.pool.mining.AuthorizationException;
import org.adit.pool.mining.Worker;
import org.adit.pool.stratum.SessionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of one connection (Stratum V1 specification 2.6). One of them is usual, hundreds are
 * when a proxy stands between. Runs on the event loop.
 */
final class V1Workers {
  private static final Logger LOG = LoggerFactory.getLogger(V1Workers.class);
  private static final long FIRST_FAILURE_DELAY_MILLIS = 1_000;
  private static final long MAX_FAILURE_DELAY_MILLIS = 30_000;

  private final SessionContext context;
  private final V1Session session;
  private @Nullable Map<String, Worker> others;
  private @Nullable Worker first;
  private @Nullable Worker lastWorker;
  private byte[] lastUser = new byte[0];
  private @Nullable String lastUserText;
  private int failed;

  V1Workers(SessionContext context, V1Session session) {
    this.context = context;
    this.session = session;
  }

  /** The account of the first user that authorised; null before. */
  @Nullable String account() {
    return first == null ? null : first.account();
  }

  /** The worker that authorised first; null before. */
  @Nullable Worker first() {
    return first;
  }

  /** The worker of a user that authorised, or that was let in with its account's others. */
  @Nullable Worker find(@Nullable String user) {
    if (user == null || user.equals(lastUserText)) {
      return user == null ? null : lastWorker;
    }
    Worker worker = others == null ? null : others.get(user);
    if (worker != null) {
      remember(user, worker);
    }
    return worker;
  }

  /** The same for a line read in place. */
  @Nullable Worker find(SubmitLine line) {
    return lastWorker != null && line.isUser(lastUser) ? lastWorker : find(line.user());
  }

  // A rig sends the same user with each share, so the last one is nearly always the next one.
  private void remember(String user, Worker worker) {
    if (lastUserText != null && lastWorker != null) {
      put(lastUserText, lastWorker);
    }
    lastUserText = user;
    lastUser = user.getBytes(StandardCharsets.UTF_8);
    lastWorker = worker;
  }

  private void put(String user, Worker worker) {
    if (others == null) {
      others = new HashMap<>();
    }
    others.put(user, worker);
  }

  private int size() {
    int more = lastWorker == null ? 0 : 1;
    if (others == null) {
      return more;
    }
    return others.size() + (others.containsKey(String.valueOf(lastUserText)) ? 0 : more);
  }

  /**
   * Authorises.
   *
   * @param onFirst told when this was the connection's first user
   */
  void authorize(V1Request request, ReplyQueue.Slot reply, Runnable onFirst) {
    String user = request.text(0);
    Optional<UserName> name = UserName.parse(user);
    if (user == null || name.isEmpty()) {
      refuse(request, reply, "user is missing, too long or has unprintable characters");
      return;
    }
    if (find(user) != null) {
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
    long banned = context.bans().remainingMillis(session.address(), resolved);
    if (banned > 0) {
      finish(request, reply, V1Encoder.error(request.id(), V1Error.banned(banned), "false"));
      session.close("is kept out for " + banned + " ms more");
      return;
    }
    if (size() >= context.limits().workersPerConnection()) {
      refuse(request, reply, "too many workers on one connection");
    } else if (context.onePayoutAccount() && first != null && !first.account().equals(resolved)) {
      refuse(request, reply, "all workers of a connection mine to one address here");
    } else {
      enlist(
          resolved,
          name.get().worker(),
          worker -> {
            remember(user, worker);
            boolean isFirst = first == null;
            if (isFirst) {
              first = worker;
            }
            finish(request, reply, V1Encoder.result(request.id(), "true"));
            if (isFirst) {
              onFirst.run();
            }
          },
          () -> {
            String text = "the pool cannot register workers now";
            finish(request, reply, V1Encoder.error(request.id(), V1Error.malformed(text), "false"));
          });
    }
  }

  /**
   * A user that did not authorise but submits: let in when its account is this connection's own, as
   * a proxy's machines are.
   *
   * @param then given the worker; null when it may not submit
   */
  void admit(@Nullable String user, Consumer<@Nullable Worker> then) {
    Optional<UserName> name = UserName.parse(user);
    String own = account();
    if (own == null
        || user == null
        || name.isEmpty()
        || !isOwnAccount(name.get().account())
        || size() >= context.limits().workersPerConnection()) {
      then.accept(null);
      return;
    }
    enlist(
        own,
        name.get().worker(),
        enlisted -> {
          remember(user, enlisted);
          then.accept(enlisted);
        },
        () -> then.accept(null));
  }

  private boolean isOwnAccount(String name) {
    try {
      return context.workers().account(name).equals(account());
    } catch (AuthorizationException e) {
      return false;
    }
  }

  private void enlist(String resolved, String name, Consumer<Worker> then, Runnable unable) {
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
          unable.run();
        });
  }

  private void refuse(V1Request request, ReplyQueue.Slot reply, String why) {
    failed++;
    byte[] line =
        V1Encoder.error(request.id(), new V1Error(24, "unauthorized worker: " + why), "false");
    if (failed >= context.limits().failedAuthorizes()) {
      finish(request, reply, line);
      session.close("failed to authorise " + failed + " times");
      return;
    }
    // Each failure waits twice as long, so that nobody tries a list of names.
    long delay =
        Math.min(MAX_FAILURE_DELAY_MILLIS, FIRST_FAILURE_DELAY_MILLIS << Math.min(10, failed - 1));
    session.pause(delay, () -> finish(request, reply, line));
  }

  private static void finish(V1Request request, ReplyQueue.Slot reply, byte[] line) {
    reply.reply(request.id() == null ? new byte[0] : line);
  }
}
