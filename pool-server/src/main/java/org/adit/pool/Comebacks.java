package org.adit.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import org.adit.accounting.PoolAccounting;
import org.adit.config.PoolConfig;
import org.adit.pool.mining.ExtranonceSpace;
import org.adit.pool.recall.Recall;
import org.adit.pool.stratum.SessionMemory;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.Tip;

/**
 * Puts what the last run of the pool knew of its miners where this run looks for it: extranonces
 * rest, sessions can be resumed, tips know the shares that were already paid.
 */
final class Comebacks {
  private Comebacks() {}

  /** Opens the folder of the data folder that keeps it. */
  static Recall open(PoolConfig config, Clock clock) throws IOException {
    return Recall.open(
        config.dataDir().resolve("recall"),
        fingerprint(config),
        config.limits().connections(),
        config.jobs().lifetime(),
        clock);
  }

  // Whatever the coinbase depends on: a job made under other settings may pay somebody else.
  private static byte[] fingerprint(PoolConfig config) {
    String settings = config.network() + "\n" + config.payout() + "\n" + config.coinbase();
    try {
      return MessageDigest.getInstance("SHA-256").digest(settings.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /**
   * Prepares everything for miners that come back.
   *
   * @throws IOException when the journal cannot be read: without it a share could be paid twice
   */
  static void prepare(
      Recall recall,
      PoolAccounting accounting,
      JobBook jobs,
      ExtranonceSpace extranonces,
      SessionMemory memory,
      Clock clock)
      throws IOException {
    if (recall.miners().isEmpty()) {
      return;
    }
    var tips = recall.tips();
    long oldest =
        recall.miners().stream()
            .flatMap(miner -> miner.jobs().stream())
            .mapToLong(sent -> sent.job().createdAtMillis())
            .min()
            .orElse(clock.millis());
    accounting.eachShareSince(
        oldest,
        share -> {
          if (recall.knows(share.jobId())) {
            Tip tip = tips.get(share.previous());
            if (tip != null) {
              tip.firstSeen(share.hash());
            }
          }
        });
    tips.values().forEach(jobs::recall);
    for (Recall.Miner miner : recall.miners()) {
      extranonces.rest(miner.prefix());
      memory.remember(
          HexFormat.of().toHexDigits(miner.sessionId()),
          new SessionMemory.Seat(miner.prefix(), miner.account(), miner.jobs()),
          miner.endedAtMillis());
    }
  }
}
