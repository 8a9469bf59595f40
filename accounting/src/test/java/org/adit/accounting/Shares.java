package org.adit.accounting;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;

/** A miner for tests: offers shares and waits for their acknowledgement. */
public final class Shares implements AckListener {
  /** Network work 2: every second hash is a block. */
  public static final int REGTEST_BITS = 0x207fffff;

  /** Difficulty 1. */
  public static final int DIFFICULTY_ONE_BITS = 0x1d00ffff;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final ShareLane lane;

  public Shares(ShareWriter writer) {
    lane = writer.openLane(4096, this);
  }

  @Override
  public void durable(List<Ack> acks) {
    answers.addAll(acks);
  }

  @Override
  public void refused(List<Ack> shares, IOException cause) {
    shares.forEach(share -> answers.add(cause));
  }

  /** Offers one share and returns its sequence. */
  public long submit(ShareRecord share) throws IOException, InterruptedException {
    if (!lane.offer(share, null)) {
      throw new IOException("lane full");
    }
    return answer();
  }

  private long answer() throws IOException, InterruptedException {
    Object answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return switch (answer) {
      case Ack ack -> ack.sequence();
      case IOException e -> throw e;
      case null, default -> throw new IOException("no answer");
    };
  }

  /** Offers shares together and returns the sequence of the last one. */
  public long submitAll(List<ShareRecord> shares) throws IOException, InterruptedException {
    for (ShareRecord share : shares) {
      if (!lane.offer(share, null)) {
        throw new IOException("lane full");
      }
    }
    long last = 0;
    for (int i = 0; i < shares.size(); i++) {
      last = answer();
    }
    return last;
  }

  /** A share of given worker and work. */
  public static ShareRecord share(int worker, int netBits, long work, long timeMillis) {
    return new ShareRecord(timeMillis, worker, netBits, work, 0, 1, new byte[80]);
  }

  /** The same, meeting the network target. */
  public static ShareRecord winner(int worker, int netBits, long work, long timeMillis) {
    return new ShareRecord(timeMillis, worker, netBits, work, ShareRecord.BLOCK, 1, new byte[80]);
  }
}
