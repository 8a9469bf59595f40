package org.adit.pool.stratum.v1;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.pool.mining.MiningChannel;
import org.adit.pool.mining.SentJob;
import org.adit.pool.mining.Vardiff;
import org.adit.pool.recall.SeatBook;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection is given to mine: the first job, new ones, its difficulty (Stratum V1
 * specification sections 3.6, 4 and 9). A miner that has not read its last job yet gets no further
 * one behind it: the newest takes the place of those that wait. Runs on the event loop.
 */
final class V1Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(V1Jobs.class);

  private final SessionContext context;
  private final NotifyLines lines;
  private final V1Session session;
  private final ReplyQueue replies;
  private final DifficultyWishes wishes;
  private @Nullable MiningChannel channel;
  private SeatBook.Seat seat = SeatBook.Seat.NONE;
  private String account = "";
  private @Nullable Integer grantedMask;
  private @Nullable Tip lastTip;
  private @Nullable Difficulty announced;
  private @Nullable MiningJob owed;
  private boolean owedClean;
  private long raisedAtMillis = Long.MIN_VALUE / 2;

  V1Jobs(V1Loop loop, V1Session session, ReplyQueue replies, DifficultyWishes wishes) {
    this.context = loop.context();
    this.lines = loop.notifyLines();
    this.session = session;
    this.replies = replies;
    this.wishes = wishes;
  }

  /** The channel, once the miner has subscribed and authorised and there was work. */
  @Nullable MiningChannel channel() {
    return channel;
  }

  /** Lets the miner roll these bits in jobs sent from now on. */
  void grantVersionMask(int mask) {
    grantedMask = mask;
    if (channel != null) {
      channel.grantVersionMask(mask);
    }
  }

  /**
   * Opens the channel and sends the first job, unless it is open or there is no work yet.
   *
   * @param sessionId of this miner
   * @param payee whom it mines for
   * @param ended the jobs this miner had before, with the same prefix
   */
  void start(int prefix, long sessionId, String payee, List<SentJob> ended) {
    Work work = context.jobs().current();
    if (channel != null || work == null) {
      return;
    }
    account = payee;
    byte[] bytes = ByteBuffer.allocate(4).putInt(prefix).array();
    MiningChannel mining =
        new MiningChannel(context.channels(), bytes, wishes.start(work, now()), this::deliver);
    if (grantedMask != null) {
      mining.grantVersionMask(grantedMask);
    }
    mining.adopt(ended);
    channel = mining;
    seat = context.seats().open(sessionId, prefix, account);
    owe(work.jobFor(account, wishes.coinbase()), true);
  }

  /** There is new work. */
  void onWork(Work work) {
    updateBounds();
    owe(work.jobFor(account, wishes.coinbase()), work.isClean());
  }

  /** The connection has ended. */
  void left() {
    seat.left();
    seat = SeatBook.Seat.NONE;
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

  /** The miner suggests a difficulty. */
  void suggest(Optional<Difficulty> wanted) {
    long now = now();
    if (wanted.isPresent() && wishes.suggest(wanted.get(), now)) {
      MiningChannel mining = channel;
      Work work = context.jobs().current();
      if (mining != null && work != null) {
        mining.vardiff().bounds(wishes.floor(work, now), wishes.cap(work), now);
        mining.vardiff().suggest(wanted.get(), now);
      }
    }
  }

  /** Every share so far was wrong: the miner's firmware may cut its coinbase off (5.6). */
  void shortenCoinbase() {
    Work work = context.jobs().current();
    if (channel != null && work != null && wishes.shortenCoinbase(work)) {
      LOG.info(
          "a miner of {} handed in nothing but wrong shares; it is sent coinbases of {} bytes now",
          account,
          wishes.coinbase().maxBytes());
      owe(work.jobFor(account, wishes.coinbase()), true);
    }
  }

  /** Something that bounds the difficulty has changed. */
  void updateBounds() {
    Work work = context.jobs().current();
    if (channel != null && work != null) {
      long now = now();
      channel.vardiff().bounds(wishes.floor(work, now), wishes.cap(work), now);
    }
  }

  private void deliver(Vardiff.Change change) {
    Work work = context.jobs().current();
    if (change.delivery() != Vardiff.Delivery.NEXT_JOB && work != null) {
      boolean clean = change.delivery() == Vardiff.Delivery.FRESH_CLEAN_JOB;
      owe(work.freshJobFor(account, wishes.coinbase()), clean);
    }
  }

  private void owe(MiningJob job, boolean clean) {
    owed = job;
    owedClean |= clean;
    replies.notification();
  }

  /** Writes the job that is owed, unless an earlier one is still on its way. */
  @SuppressWarnings("ReferenceEquality") // a tip is entered once
  void writeOwed() {
    MiningJob job = owed;
    MiningChannel mining = channel;
    if (job == null || mining == null || session.isNotifying()) {
      return;
    }
    boolean firstOnTip = job.tip() != lastTip;
    ByteBuf line = lines.of(job, firstOnTip || owedClean);
    owed = null;
    owedClean = false;
    lastTip = job.tip();
    SentJob sent = mining.send(job, firstOnTip);
    seat.sent(sent);
    Difficulty difficulty = sent.requirement().difficulty();
    if (announced == null || !difficulty.equals(announced)) {
      // In one write with the job: clients apply a difficulty at different moments otherwise (R1).
      if (announced != null && difficulty.compareTo(announced) > 0) {
        raisedAtMillis = now();
      }
      announced = difficulty;
      session.line(V1Encoder.setDifficulty(difficulty));
    }
    session.sendNotify(line);
  }

  /** Milliseconds since the difficulty was raised last. */
  long sinceRaiseMillis() {
    return now() - raisedAtMillis;
  }

  private long now() {
    return context.channels().clock().millis();
  }
}
