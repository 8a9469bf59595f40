package org.adit.pool.stratum.v1;

import org.adit.pool.mining.MiningChannel;
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
  private final SessionContext context;
  private final ReplyQueue replies;
  private final V1Workers workers;
  private final V1Jobs jobs;
  private long lastAcceptedMillis;

  V1Shares(SessionContext context, ReplyQueue replies, V1Workers workers, V1Jobs jobs) {
    this.context = context;
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
      unknownJob(id, worker, reply);
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
        unknownJob(request.id(), worker, reply);
        return;
      }
      judge(
          request.id(),
          sent,
          V1Submit.parse(request, worker, MiningChannel.EXTRANONCE2_BYTES),
          reply);
    } catch (V1Submit.BadSubmitException e) {
      count(worker, "malformed");
      refuse(request.id(), reply, V1Error.malformed(String.valueOf(e.getMessage())));
    }
  }

  private @Nullable SentJob known(long jobId) {
    MiningChannel mining = jobs.channel();
    return mining == null ? null : mining.job(jobId);
  }

  private void unknownJob(@Nullable Object id, Worker worker, ReplyQueue.Slot reply) {
    ShareVerdict unknown = new ShareVerdict.UnknownJob();
    count(worker, unknown.label());
    refuse(id, reply, V1Error.of(unknown));
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
      return;
    }
    lastAcceptedMillis = context.channels().clock().millis();
    if (id == null) {
      reply.reply(new byte[0]);
    } else {
      reply.accept(id);
    }
  }

  private static void refuse(@Nullable Object id, ReplyQueue.Slot reply, V1Error error) {
    reply.reply(id == null ? new byte[0] : V1Encoder.error(id, error, "false"));
  }

  private void count(Worker worker, String label) {
    context.channels().counters().rejected(label);
    context.channels().rejects().rejected(worker, label);
  }
}
