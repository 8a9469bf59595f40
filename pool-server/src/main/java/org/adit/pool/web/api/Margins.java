package org.adit.pool.web.api;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalDouble;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.Luck;
import org.adit.accounting.economics.Margin;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.accounting.scheme.Rational;
import org.adit.config.EconomicsConfig;
import org.adit.config.PayoutConfig;
import org.adit.config.Ratio;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.PowerGroups;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What mining pays, from the network, the [economics] settings and the pool's own blocks. */
final class Margins {
  private static final int FEE_BLOCKS = 144;
  private static final int MAX_PRICE_BYTES = 200;
  private static final long PRICE_AGE_MILLIS = 30_000;
  private static final long MARGINS_AGE_MILLIS = 5_000;
  private static final double PETA = 1e15;

  private final PoolView pool;
  private final BlockLog blocks;
  private final PoolFigures figures;
  private final Clock clock;
  private final Cached<OptionalDouble> price;
  private final Cached<Optional<WorkerMargins>> byWorker;

  Margins(PoolView pool, BlockLog blocks, PoolFigures figures, Clock clock) {
    this.pool = pool;
    this.blocks = blocks;
    this.figures = figures;
    this.clock = clock;
    this.price = new Cached<>(clock, PRICE_AGE_MILLIS, this::readPrice);
    this.byWorker = new Cached<>(clock, MARGINS_AGE_MILLIS, this::readByWorker);
  }

  ObjectNode economics() throws Exception {
    Work work = pool.work();
    if (work == null) {
      throw new HttpException(503, "the network's target is not known while there is no work");
    }
    BlockTemplate template = work.template();
    EconomicsConfig settings = pool.config().economics();
    double meanFees = meanFees(template);
    Hashprice hashprice = hashprice(template, meanFees);
    BigInteger networkWork = PoolFigures.work(work);
    double rate = pool.stats().estimate(FleetStats.DAY, clock.millis()).hashesPerSecond();
    OptionalDouble bitcoin = price.get();
    ObjectNode node = Json.asOf(clock.millis());
    node.put("network_hashrate_hs", Shapes.networkHashrate(template.bits()));
    node.put("difficulty", Shapes.difficultyOf(template.bits()));
    node.put("network_work_hashes", networkWork.doubleValue());
    node.put("subsidy_sat", template.subsidySat());
    node.put("mean_fees_sat", meanFees);
    node.put("fee_share", hashprice.feeShare());
    node.put("hashprice_sat_per_phs_day", hashprice.satPerPhsDay());
    node.put("pool_fee_ppm", hashprice.poolFeePpm());
    node.put("currency", settings.currency());
    Json.number(node, "price_per_btc", bitcoin.orElse(Double.NaN));
    Json.number(
        node,
        "hashprice_per_phs_day",
        bitcoin.isPresent() ? hashprice.fiatPerPhsDay(bitcoin.getAsDouble()) : Double.NaN);
    Json.number(node, "power_price_per_kwh", real(settings.powerPricePerKwh()).orElse(Double.NaN));
    Json.number(node, "joules_per_terahash", real(settings.joulesPerTerahash()).orElse(Double.NaN));
    Margin margin = margin(hashprice, bitcoin);
    if (margin == null) {
      node.putNull("margin");
    } else {
      node.putObject("margin")
          .put("power_cost_per_phs_day", margin.powerCostPerPhsDay())
          .put("gross_margin", margin.grossMargin())
          .put("break_even_power_price_per_kwh", margin.breakEvenPricePerKwh())
          .put("break_even_joules_per_terahash", margin.breakEvenJoulesPerTerahash());
    }
    node.put("pool_revenue_sat_day", hashprice.satPerPhsDay() * rate / PETA);
    Shapes.timeToBlock(node, "time_to_block", rate, networkWork);
    Luck luck = figures.luck();
    Shapes.luck(node, luck);
    return node;
  }

  /**
   * What workers and groups of them earn and draw, each by the figures of its own group; empty
   * while the network's target is not known.
   */
  Optional<WorkerMargins> byWorker() throws Exception {
    return byWorker.get();
  }

  private Optional<WorkerMargins> readByWorker() throws Exception {
    Work work = pool.work();
    return work == null
        ? Optional.empty()
        : Optional.of(
            PowerGroups.margins(
                pool.config().economics(),
                hashprice(work.template(), meanFees(work.template())),
                price.get()));
  }

  /** What a worker earns and draws at its rate; a JSON null while the network is not known. */
  void worker(ObjectNode node, String account, String worker, double hashesPerSecond)
      throws Exception {
    WorkerMargins margins = byWorker().orElse(null);
    if (margins == null) {
      node.putNull("margin");
      return;
    }
    ObjectNode out = node.putObject("margin");
    out.put("currency", pool.config().economics().currency());
    MarginShapes.put(
        out,
        margins,
        margins.worker(account, worker, hashesPerSecond),
        margins.profile(account, worker));
  }

  /**
   * The hashprice of this moment by the fees of the template; null while there is no work. Blocks
   * come at any time alike, so the mean of such readings is what blocks of a time were worth.
   */
  HashpriceLog.@Nullable Mean reading() throws Exception {
    Work work = pool.work();
    if (work == null) {
      return null;
    }
    BlockTemplate template = work.template();
    Hashprice now = hashprice(template, (double) template.feesSat());
    OptionalDouble bitcoin = price.get();
    return new HashpriceLog.Mean(
        1,
        now.satPerPhsDay(),
        hashprice(template, 0).satPerPhsDay(),
        bitcoin.isPresent() ? now.fiatPerPhsDay(bitcoin.getAsDouble()) : Double.NaN,
        pool.config().economics().currency());
  }

  private @Nullable Margin margin(Hashprice hashprice, OptionalDouble bitcoin) {
    EconomicsConfig settings = pool.config().economics();
    OptionalDouble power = real(settings.powerPricePerKwh());
    OptionalDouble efficiency = real(settings.joulesPerTerahash());
    return bitcoin.isEmpty() || power.isEmpty() || efficiency.isEmpty()
        ? null
        : new Margin(
            hashprice.fiatPerPhsDay(bitcoin.getAsDouble()),
            efficiency.getAsDouble(),
            power.getAsDouble());
  }

  private Hashprice hashprice(BlockTemplate template, double meanFees) {
    PayoutConfig payout = pool.config().payout();
    double reward = template.subsidySat() + meanFees;
    int feePpm =
        reward == 0
            ? 0
            : (int)
                Math.round(
                    (payout.feePpmSubsidy() * (double) template.subsidySat()
                            + payout.feePpmTxFees() * meanFees)
                        / reward);
    return new Hashprice(
        Shapes.networkHashrate(template.bits()),
        Hashprice.BLOCKS_PER_DAY,
        template.subsidySat(),
        meanFees,
        feePpm);
  }

  private double meanFees(BlockTemplate template) throws Exception {
    return blocks.get().stream()
        .limit(FEE_BLOCKS)
        .mapToLong(block -> block.reward().feesSat())
        .average()
        .orElse((double) template.feesSat());
  }

  private OptionalDouble readPrice() {
    EconomicsConfig settings = pool.config().economics();
    Optional<Path> file = settings.priceFile();
    try {
      if (file.isPresent() && Files.size(file.get()) <= MAX_PRICE_BYTES) {
        String line = Files.readString(file.get()).lines().findFirst().orElse("").strip();
        return real(Optional.of(Ratio.parse(line)));
      }
    } catch (IOException | IllegalArgumentException e) {
      // A file that cannot be read now gives way to the settings' price; see EconomicsConfig.
      return real(settings.pricePerBtc());
    }
    return real(settings.pricePerBtc());
  }

  private static OptionalDouble real(Optional<Ratio> ratio) {
    return ratio
        .map(value ->
            OptionalDouble.of(Reals.of(Rational.of(value.numerator(), value.denominator()))))
        .orElseGet(OptionalDouble::empty);
  }
}
