package org.adit.pool.web.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.adit.accounting.economics.DifficultyProjection;
import org.adit.config.Network;
import org.adit.hasher.CompactBits;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.bitcoind.Subsidy;
import org.adit.pool.web.http.HttpException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a node's headers tell of difficulty: how it was set in the past and how the period that runs
 * has gone. Pruned nodes have all headers, too. Thread-safe.
 */
final class Headers {
  /** Blocks between two changes of difficulty. */
  static final int PERIOD = 2_016;

  /** About a year. */
  static final int PAST_PERIODS = 26;

  private static final int BLOCKS_BETWEEN_POINTS = 48;

  // Headers nearer to the tip may be replaced, so they are asked for anew.
  private static final int BURIED = 100;
  private static final int KEPT = 256;

  /**
   * A header.
   *
   * @param seconds its time, seconds since 1970
   * @param bits compact target
   */
  record Header(int height, long seconds, int bits) {}

  /**
   * From here on difficulty or subsidy was another.
   *
   * @param bits of the period, which on test networks not each of its blocks has
   * @param subsidySat of its blocks
   */
  record Step(int height, long seconds, int bits, long subsidySat) {}

  /** What could be expected of the next difficulty when the chain was that high. */
  record Point(int height, long seconds, DifficultyProjection projection) {}

  /**
   * Difficulty at a height.
   *
   * @param first the running period's first block
   * @param tip the newest block
   * @param steps oldest first; the last one is the running period, or a halving in it
   * @param points oldest first, the last one is the tip; none where the period has just begun
   */
  record Outlook(Header first, Header tip, List<Step> steps, List<Point> points) {}

  private final RpcClient rpc;
  private final Network network;
  private final Map<Integer, Header> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Header> eldest) {
          return size() > KEPT;
        }
      };
  private @Nullable Outlook last;

  Headers(RpcClient rpc, Network network) {
    this.rpc = rpc;
    this.network = network;
  }

  /**
   * Difficulty as it was and as it may become.
   *
   * @param height of the tip
   * @throws HttpException 503 while the node does not answer
   */
  synchronized Outlook outlook(int height) throws HttpException {
    Outlook known = last;
    if (known != null && known.tip().height() == height) {
      return known;
    }
    try {
      int start = height - height % PERIOD;
      Header first = header(start, height);
      Header tip = header(height, height);
      Outlook made = new Outlook(first, tip, steps(start, height), points(first, tip));
      last = made;
      return made;
    } catch (NodeException e) {
      throw new HttpException(503, "the node does not answer at the moment");
    }
  }

  /** A new tip, maybe instead of another one of the same height. */
  synchronized void forget() {
    last = null;
  }

  private List<Step> steps(int start, int height) throws NodeException {
    int oldest = Math.max(0, start - PAST_PERIODS * PERIOD);
    TreeSet<Integer> heights = new TreeSet<>();
    for (int at = oldest; at <= start; at += PERIOD) {
      heights.add(at);
    }
    int halving = Subsidy.halving(network);
    int last = Math.min(height, Subsidy.HALVINGS * halving);
    for (int at = (oldest / halving + 1) * halving; at <= last; at += halving) {
      heights.add(at);
    }
    List<Step> steps = new ArrayList<>();
    int bits = 0;
    for (int at : heights) {
      Header header = header(at, height);
      // Blocks within a period may be easier on test networks; its first one never is.
      bits = at % PERIOD == 0 ? header.bits() : bits;
      steps.add(new Step(at, header.seconds(), bits, Subsidy.sat(network, at)));
    }
    return steps;
  }

  private List<Point> points(Header first, Header tip) throws NodeException {
    List<Point> points = new ArrayList<>();
    for (int at = first.height() + BLOCKS_BETWEEN_POINTS;
        at < tip.height();
        at += BLOCKS_BETWEEN_POINTS) {
      point(points, first, header(at, tip.height()));
    }
    point(points, first, tip);
    return points;
  }

  /** Headers' times are those of miners' clocks: early in a period they may even run backwards. */
  private static void point(List<Point> points, Header first, Header at) {
    long elapsed = at.seconds() - first.seconds();
    if (at.height() > first.height() && elapsed > 0) {
      points.add(
          new Point(
              at.height(),
              at.seconds(),
              new DifficultyProjection(at.height() - first.height(), (double) elapsed)));
    }
  }

  private Header header(int height, int tip) throws NodeException {
    Header known = kept.get(height);
    if (known != null) {
      return known;
    }
    String hash = rpc.call("getblockhash", height).asString();
    JsonNode told = rpc.call("getblockheader", hash);
    Header header =
        new Header(
            height,
            told.required("time").asLong(),
            CompactBits.parse(told.required("bits").asString()));
    if (height <= tip - BURIED) {
      kept.put(height, header);
    }
    return header;
  }
}
