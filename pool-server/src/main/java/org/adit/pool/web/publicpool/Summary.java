package org.adit.pool.web.publicpool;

import java.util.List;
import org.adit.hasher.Hash256;
import org.adit.pool.stats.History;
import org.adit.pool.stats.Sum;
import org.adit.pool.web.api.Figures;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The summary object of the pool, an address, a worker or a connection.
 *
 * @param histories whose shares count
 * @param totalHashes work of all time
 * @param totalShares shares of all time
 * @param best smallest hash since start; null for none
 * @param bestAtMillis when that was
 * @param lastShareMillis 0 for none
 * @param roundBeginMillis when the pool found its last block; 0 when it never did
 * @param networkDifficulty of the block being mined; 0 when not known
 */
record Summary(
    List<History> histories,
    double totalHashes,
    long totalShares,
    @Nullable Hash256 best,
    long bestAtMillis,
    long lastShareMillis,
    long roundBeginMillis,
    double networkDifficulty) {
  private static final double PERCENT = 100;

  ObjectNode write(ObjectNode node, long now) {
    Sum slot = Work.closed(histories, 1, now);
    Sum hour = Work.closed(histories, Work.HOUR_SLOTS, now);
    Sum day = Work.closed(histories, Work.DAY_SLOTS, now);
    Sum round = Sum.NONE;
    for (History history : histories) {
      round = round.plus(history.since(roundBeginMillis, now));
    }
    node.put("totalAcceptedShares", totalShares);
    node.put("totalCreditedDifficulty", Work.difficulty(totalHashes));
    node.put("acceptedSharesLast10Minutes", slot.shares());
    node.put("creditedDifficultyLast10Minutes", Work.difficulty(slot));
    node.put("acceptedSharesLastHour", hour.shares());
    node.put("creditedDifficultyLastHour", Work.difficulty(hour));
    node.put("acceptedSharesLastDay", day.shares());
    node.put("creditedDifficultyLastDay", Work.difficulty(day));
    node.put("hashRateLast10Minutes", Work.rate(slot, 1));
    node.put("hashRateLastHour", Work.rate(hour, Work.HOUR_SLOTS));
    node.put("bestSubmissionDifficulty", Figures.difficulty(best));
    node.put("bestSubmissionDifficultyAt", best == null ? null : Work.time(bestAtMillis));
    node.put("workSinceLastBlock", Work.difficulty(round));
    node.put("currentRoundAcceptedShares", round.shares());
    node.put("currentRoundNetworkDifficulty", networkDifficulty);
    node.put(
        "networkDifficultyPercent",
        networkDifficulty > 0 ? PERCENT * Work.difficulty(round) / networkDifficulty : 0);
    node.put("blockCandidateCount", 0);
    node.put("latestShareAt", lastShareMillis == 0 ? null : Work.time(lastShareMillis));
    node.putArray("protocolBreakdown")
        .addObject()
        .put("protocol", "sv1")
        .put("acceptedShares", totalShares)
        .put("creditedDifficulty", Work.difficulty(totalHashes));
    return node;
  }
}
