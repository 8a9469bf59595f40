package org.adit.pool.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalDouble;
import org.adit.accounting.PoolWork;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.HashrateEstimate;
import org.adit.accounting.economics.Interval;
import org.adit.accounting.economics.Luck;
import org.adit.accounting.economics.Margin;
import org.adit.accounting.economics.NetworkHashrate;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.economics.TimeToBlock;
import org.adit.hasher.CompactBits;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The figures of {@code adit economics}, computed from what is known; null is what is not.
 *
 * @param networkWork expected hashes of a block
 * @param networkHashrate implied by difficulty
 * @param hashprice of the network, the pool's fee taken off
 * @param price of one bitcoin
 * @param margin of mining at that price
 * @param hashrate of the pool over a day
 * @param timeToBlock of the pool
 * @param luck of all time
 */
record EconomicsReport(
    BigInteger networkWork,
    double networkHashrate,
    Hashprice hashprice,
    OptionalDouble price,
    @Nullable Margin margin,
    @Nullable HashrateEstimate hashrate,
    @Nullable TimeToBlock timeToBlock,
    @Nullable Luck luck) {
  private static final double CONFIDENCE = 0.95;
  private static final double MILLIS = 1_000;

  /**
   * What goes in.
   *
   * @param netBits compact network target
   * @param subsidySat of a block
   * @param feesSat mean transaction fees of a block
   * @param feePpm the pool's fee
   * @param work of the pool; null when it never ran
   */
  record Inputs(
      int netBits,
      double subsidySat,
      double feesSat,
      int feePpm,
      OptionalDouble price,
      OptionalDouble powerPrice,
      OptionalDouble efficiency,
      @Nullable PoolWork work,
      long nowMillis) {}

  static EconomicsReport of(Inputs in) {
    BigInteger networkWork = NetworkHashrate.work(in.netBits());
    double network = NetworkHashrate.implied(networkWork, NetworkHashrate.BLOCK_SECONDS);
    Hashprice hashprice =
        new Hashprice(
            network, Hashprice.BLOCKS_PER_DAY, in.subsidySat(), in.feesSat(), in.feePpm());
    HashrateEstimate hashrate = hashrate(in);
    return new EconomicsReport(
        networkWork,
        network,
        hashprice,
        in.price(),
        margin(in, hashprice),
        hashrate,
        hashrate == null ? null : new TimeToBlock(hashrate.hashesPerSecond(), networkWork),
        luck(in.work()));
  }

  /**
   * The same figures as a running pool tells them.
   *
   * @param economics its answer to {@code /economics}
   * @param network its answer to {@code /network}
   * @param rate its hashrate over a day, as the API shapes estimates
   */
  static EconomicsReport of(JsonNode economics, JsonNode network, JsonNode rate) {
    Inputs in =
        new Inputs(
            CompactBits.parse(network.path("bits").asString("")),
            economics.path("subsidy_sat").asDouble(0),
            economics.path("mean_fees_sat").asDouble(0),
            economics.path("pool_fee_ppm").asInt(0),
            number(economics.path("price_per_btc")),
            number(economics.path("power_price_per_kwh")),
            number(economics.path("joules_per_terahash")),
            null,
            economics.path("as_of_ms").asLong(0));
    EconomicsReport alone = of(in);
    HashrateEstimate hashrate = hashrate(rate);
    JsonNode luck = economics.path("luck");
    return new EconomicsReport(
        alone.networkWork(),
        alone.networkHashrate(),
        alone.hashprice(),
        alone.price(),
        alone.margin(),
        hashrate,
        hashrate == null ? null : new TimeToBlock(hashrate.hashesPerSecond(), alone.networkWork()),
        luck.isObject()
            ? Luck.of(
                luck.path("expected_blocks").asDouble(),
                luck.path("found_blocks").asLong(),
                CONFIDENCE)
            : null);
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  private static @Nullable HashrateEstimate hashrate(JsonNode rate) {
    double perSecond = rate.path("hashrate_hs").asDouble(0);
    if (!(perSecond > 0) || !rate.path("high_hs").isNumber()) {
      return null;
    }
    double seconds = rate.path("window_ms").asDouble(0) / MILLIS;
    double shares = rate.path("shares").asDouble(0);
    double high = rate.path("high_hs").asDouble();
    double low = rate.path("low_hs").asDouble(0);
    return new HashrateEstimate(
        new BigDecimal(perSecond * seconds).toBigInteger(),
        (long) shares,
        perSecond,
        shares,
        shares == 0 ? Double.NaN : 1 / Math.sqrt(shares),
        new Interval(low, high));
  }

  private static @Nullable Margin margin(Inputs in, Hashprice hashprice) {
    if (in.price().isEmpty() || in.powerPrice().isEmpty() || in.efficiency().isEmpty()) {
      return null;
    }
    return new Margin(
        hashprice.fiatPerPhsDay(in.price().getAsDouble()),
        in.efficiency().getAsDouble(),
        in.powerPrice().getAsDouble());
  }

  private static @Nullable HashrateEstimate hashrate(Inputs in) {
    PoolWork work = in.work();
    if (work == null || work.span().isEmpty()) {
      return null;
    }
    // A bucket's shares are taken as equal: within a minute they nearly are.
    List<HashrateEstimate.Group> groups =
        work.span().stream()
            .map(sum ->
                new HashrateEstimate.Group(
                    sum.shares(), sum.work().divide(BigInteger.valueOf(sum.shares()))))
            .toList();
    double seconds = Math.max(1, (in.nowMillis() - work.firstMillis()) / MILLIS);
    HashrateEstimate estimate = HashrateEstimate.of(groups, seconds, CONFIDENCE);
    return estimate.hashesPerSecond() > 0 ? estimate : null;
  }

  private static @Nullable Luck luck(@Nullable PoolWork work) {
    return work == null || work.expectedBlocks().signum() == 0
        ? null
        : Luck.of(Reals.of(work.expectedBlocks()), work.foundBlocks(), CONFIDENCE);
  }
}
