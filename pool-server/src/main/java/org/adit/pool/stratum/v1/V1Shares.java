package org.adit.pool.stratum.v1;

import java.util.Optional;
import org.adit.pool.mining.InvalidWindow;
import org.adit.pool.mining.LikelyCause;
import org.adit.pool.mining.MiningChannel;
import org.adit.pool.mining.Rejection;
import org.adit.pool.mining.SentJob;
import org.adit.pool.mining.ShareVerdict;
import org.adit.pool.mining.Submission;
import org.adit.pool.mining.Worker;
import org.adit.pool.stratum.SessionContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@code mining.submit} (Stratum V1 specification 3.4) to the channel and its verdict back.
 * Runs on the event loop.
 */
final class V1Shares {
  private static final long RAISE_GRACE_MILLIS = 60_000;

  private final SessionContext context;
  private final V1Session session;
  private final ReplyQueue replies;
  private final V1Workers workers;
  private final V1Jobs jobs;
  private @Nullable InvalidWindow window;
  private boolean keptOut;
  private long lastAcceptedMillis;

  V1Shares(
      SessionContext context,
      V1Session session,
      ReplyQueue replies,
      V1Workers workers,
      V1Jobs jobs) {
    this.context = context;
    this.session = session;
    this.replies = replies;
    this.workers = workers;
    this.jobs = jobs;
  }

  long lastAcceptedMillis() {
    return lastAcceptedMillis;
  }

  /**
   * Takes a share in the usual form.
   *
   * @return false when it is for the general way: its user is not known
   */
  boolean submit(SubmitLine line) {
    Worker worker = workers.find(line);
    if (worker == null) {
      return false;
    }
    Object id = line.id();
    ReplyQueue.Slot reply = replies.next();
    SentJob sent = known(line.jobId());
    if (sent == null) {
      Rejection.Received received =
          Rejection.Received.of(
              line.jobId(),
              line.extranonce2(),
              line.ntime(),
              line.nonce(),
              line.hasVersionBits() ? Optional.of(line.versionBits()) : Optional.empty());
      unknownJob(id, worker, received, reply);
    } else {
      judge(
          id,
          sent,
          new Submission(
              worker,
              line.extranonce2(),
              line.ntime(),
              line.nonce(),
              line.hasVersionBits(),
              line.versionBits()),
          reply);
    }
    return true;
  }

  /** Takes a share in any form. */
  void submit(V1Request request) {
    String user = request.text(0);
    Worker worker = workers.find(user);
    ReplyQueue.Slot reply = replies.next();
    if (worker != null) {
      submit(request, worker, reply);
      return;
    }
    workers.admit(
        user,
        admitted -> {
          if (admitted == null) {
            refuse(request.id(), reply, V1Error.UNAUTHORIZED);
          } else {
            submit(request, admitted, reply);
          }
        });
  }

  private void submit(V1Request request, Worker worker, ReplyQueue.Slot reply) {
    try {
      if (request.params().size() < 5) {
        throw new V1Submit.BadSubmitException("malformed submit: fewer than 5 parameters");
      }
      SentJob sent = known(V1Submit.jobId(request));
      if (sent == null) {
        unknownJob(request.id(), worker, V1Submit.received(request), reply);
        return;
      }
      judge(
          request.id(),
          sent,
          V1Submit.parse(request, worker, MiningChannel.EXTRANONCE2_BYTES),
          reply);
    } catch (V1Submit.BadSubmitException e) {
      count(worker, "malformed", LikelyCause.BROKEN_FORM, V1Submit.received(request));
      refuse(request.id(), reply, V1Error.malformed(String.valueOf(e.getMessage())));
      note(true);
    }
  }

  private @Nullable SentJob known(long jobId) {
    MiningChannel mining = jobs.channel();
    return mining == null ? null : mining.job(jobId);
  }

  private void unknownJob(
      @Nullable Object id, Worker worker, Rejection.Received received, ReplyQueue.Slot reply) {
    ShareVerdict unknown = new ShareVerdict.UnknownJob();
    count(worker, unknown.label(), LikelyCause.FOREIGN_JOB, received);
    refuse(id, reply, V1Error.of(unknown));
    note(true);
  }

  private void judge(@Nullable Object id, SentJob sent, Submission share, ReplyQueue.Slot reply) {
    MiningChannel mining = jobs.channel();
    if (mining == null) {
      throw new IllegalStateException("a job was sent without a channel");
    }
    mining.submit(sent, share, verdict -> answer(id, reply, verdict));
  }

  private void answer(@Nullable Object id, ReplyQueue.Slot reply, ShareVerdict verdict) {
    if (!(verdict instanceof ShareVerdict.Accepted)) {
      refuse(id, reply, V1Error.of(verdict));
      judged(verdict);
      return;
    }
    note(false);
    lastAcceptedMillis = context.channels().clock().millis();
    if (id == null) {
      reply.reply(new byte[0]);
    } else {
      reply.accept(id);
    }
  }

  // Neither lateness nor the pool's own disk is the miner's fault.
  private void judged(ShareVerdict verdict) {
    switch (verdict) {
      case ShareVerdict.StaleTip stale -> {}
      case ShareVerdict.StaleWork stale -> {}
      case ShareVerdict.NotStored stored -> {}
      case ShareVerdict.LowDifficulty low -> {
        if (jobs.sinceRaiseMillis() > RAISE_GRACE_MILLIS) {
          note(true);
        }
      }
      case ShareVerdict.UnknownJob unknown -> note(true);
      case ShareVerdict.TimeOutOfRange time -> note(true);
      case ShareVerdict.VersionBitsNotAllowed bits -> note(true);
      case ShareVerdict.Duplicate duplicate -> note(true);
      case ShareVerdict.Accepted accepted -> note(false);
    }
  }

  private void note(boolean invalid) {
    InvalidWindow last = window;
    if (last == null) {
      if (!invalid) {
        return; // most connections never need one
      }
      last = new InvalidWindow();
      window = last;
    }
    String account = workers.account();
    // Those already under way when it was closed are not another offence.
    if (last.judged(invalid) && account != null && !keptOut) {
      keptOut = true;
      long millis = context.bans().ban(session.address(), account);
      session.close("sent too many invalid shares; kept out for " + millis / 1_000 + " s");
    }
  }

  private static void refuse(@Nullable Object id, ReplyQueue.Slot reply, V1Error error) {
    reply.reply(id == null ? new byte[0] : V1Encoder.error(id, error, "false"));
  }

  private void count(Worker worker, String label, LikelyCause cause, Rejection.Received received) {
    context.channels().counters().rejected(label);
    long now = context.channels().clock().millis();
    context
        .channels()
        .rejects()
        .rejected(Rejection.withoutJob(worker, label, cause, received, now));
  }
}
