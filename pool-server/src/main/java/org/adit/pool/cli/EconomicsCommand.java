package org.adit.pool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.PoolWork;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.HashrateEstimate;
import org.adit.accounting.economics.Luck;
import org.adit.accounting.economics.Margin;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.economics.TimeToBlock;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.accounting.economics.WorkerMargins.Line;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.WorkerRow;
import org.adit.config.EconomicsConfig;
import org.adit.config.PoolConfig;
import org.adit.config.Ratio;
import org.adit.hasher.CompactBits;
import org.adit.pool.web.PowerGroups;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit economics}. */
@Command(
    name = "economics",
    description = {
      "Shows network hashrate, hashprice, gross margin and break-even, the pool's hashrate, luck and",
      "time to a block, from the [economics] settings and the pool's own data. Asks no service.",
      "The margin is gross: cooling, hosting, downtime and depreciation are outside."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      PoolSource.EXIT_FAILED,
      PoolSource.EXIT_USAGE,
      PoolSource.EXIT_NOT_RUNNING,
      PoolSource.EXIT_NOT_ALLOWED
    },
    mixinStandardHelpOptions = true)
final class EconomicsCommand implements Callable<Integer> {
  private static final int FEE_BLOCKS = 144;
  private static final int MAX_PRICE_BYTES = 200;
  private static final double P90 = 0.9;
  private static final double PERCENT = 100;
  private static final double DAY_SECONDS = 86_400;

  @Spec private CommandSpec spec;

  @Mixin private PoolSource source;

  @Option(
      names = "--nbits",
      paramLabel = "HEX",
      description = "Compact network target; default: of the pool's newest share.")
  private @Nullable String nbits;

  @Option(
      names = "--subsidy-sat",
      paramLabel = "SAT",
      description = "Block subsidy; default: of the pool's newest block.")
  private @Nullable Long subsidy;

  @Option(
      names = "--fees-sat",
      paramLabel = "SAT",
      description = "Mean transaction fees of a block; default: of the pool's newest 144 blocks.")
  private @Nullable Long fees;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean asJson;

  @Option(
      names = "--workers",
      description = "A line for each worker too, besides those of the [[power]] groups.")
  private boolean workers;

  /** What the pool's data folder knows. */
  private record Known(
      @Nullable PoolWork work, List<BlockRow> blocks, Map<WorkerRow, Double> hashrates) {}

  /** Margins by worker and by group. */
  private record Lines(List<Line> workers, List<Line> groups) {}

  /** The figures and the money they are in. */
  private record Priced(EconomicsReport report, String currency, Lines lines) {}

  @Override
  public Integer call() throws Exception {
    String folderOnly =
        nbits != null
            ? "--nbits"
            : subsidy != null ? "--subsidy-sat" : fees != null ? "--fees-sat" : null;
    Priced priced = source.read(this::ofPool, this::ofSettings, folderOnly);
    if (asJson) {
      printJson(priced);
    } else {
      print(priced.currency(), priced.report());
      print(priced.currency(), priced.lines());
    }
    return 0;
  }

  private static Lines lines(EconomicsConfig settings, EconomicsReport report, Known known) {
    WorkerMargins margins = PowerGroups.margins(settings, report.hashprice(), report.price());
    List<Line> all = MarginLines.workers(margins, known.hashrates());
    return new Lines(all, settings.groups().isEmpty() ? List.of() : margins.groups(all));
  }

  private void print(String currency, Lines lines) {
    Output output = new Output(spec);
    if (!lines.groups().isEmpty()) {
      output.line("");
      output.print(
          MarginLines.table(MarginLines.GROUP, currency, lines.groups()),
          "no worker had a share within a day");
    }
    if (workers) {
      output.line("");
      output.print(
          MarginLines.table("WORKER", currency, lines.workers()),
          "no worker had a share within a day");
    }
  }

  private Priced ofPool(PoolApi api) throws Exception {
    JsonNode economics = api.get("/economics");
    List<Line> groups = new ArrayList<>();
    economics.path("groups").forEach(group -> groups.add(MarginLines.ofApi(group)));
    List<Line> each = new ArrayList<>();
    if (workers) {
      for (JsonNode worker : api.list("/economics/workers", Integer.MAX_VALUE)) {
        each.add(MarginLines.ofApi(worker));
      }
    }
    return new Priced(
        EconomicsReport.of(economics, api.get("/network"), api.get("/pool").path("hashrate_24h")),
        economics.path("currency").asString(""),
        new Lines(each, groups));
  }

  private Priced ofSettings(Path folder, @Nullable PoolConfig settings) throws Exception {
    if (settings == null) {
      throw new CommandFailure(
          2,
          "economics reads prices from the settings: name them by -c, or a running pool by --url");
    }
    Clock clock = Clock.systemUTC();
    Known known = known(settings, clock.instant());
    EconomicsReport report = EconomicsReport.of(inputs(settings, known, clock));
    return new Priced(
        report, settings.economics().currency(), lines(settings.economics(), report, known));
  }

  private static Known known(PoolConfig settings, Instant now) {
    if (!Files.isRegularFile(settings.dataDir().resolve("accounting.db"))) {
      return new Known(null, List.of(), Map.of());
    }
    try (AccountingReader reader = AccountingReader.open(settings.dataDir())) {
      return new Known(
          reader.work(now.minus(Duration.ofDays(1))),
          reader.blocks(FEE_BLOCKS),
          MarginLines.hashrates(reader, now));
    }
  }

  private EconomicsReport.Inputs inputs(PoolConfig settings, Known known, Clock clock)
      throws CommandFailure {
    EconomicsConfig economics = settings.economics();
    OptionalDouble meanFees =
        fees != null
            ? OptionalDouble.of(fees)
            : known.blocks().stream().mapToLong(block -> block.reward().feesSat()).average();
    return new EconomicsReport.Inputs(
        netBits(known),
        subsidy(known),
        meanFees.orElse(0),
        poolFeePpm(settings, subsidy(known), meanFees.orElse(0)),
        price(economics),
        real(economics.powerPricePerKwh()),
        real(economics.joulesPerTerahash()),
        known.work(),
        clock.millis());
  }

  /** Both rates as one, weighted by what they are taken from. */
  private static int poolFeePpm(PoolConfig settings, double subsidySat, double feesSat) {
    double reward = subsidySat + feesSat;
    return reward == 0
        ? 0
        : (int)
            Math.round(
                (settings.payout().feePpmSubsidy() * subsidySat
                        + settings.payout().feePpmTxFees() * feesSat)
                    / reward);
  }

  private int netBits(Known known) throws CommandFailure {
    if (nbits != null) {
      try {
        int bits = CompactBits.parse(nbits);
        if (CompactBits.isValidTarget(bits)) {
          return bits;
        }
      } catch (IllegalArgumentException e) {
        // Said below.
      }
      throw new CommandFailure(2, "--nbits is no target (expected: 8 hex digits, as 1701f0cc)");
    }
    if (known.work() == null || known.work().netBits() == 0) {
      throw new CommandFailure(
          1, "this pool has seen no share yet; say the network's target by --nbits");
    }
    return known.work().netBits();
  }

  private double subsidy(Known known) throws CommandFailure {
    if (subsidy != null) {
      if (subsidy < 0) {
        throw new CommandFailure(2, "--subsidy-sat is negative");
      }
      return subsidy;
    }
    if (known.blocks().isEmpty()) {
      throw new CommandFailure(
          1, "this pool has found no block yet; say the subsidy by --subsidy-sat");
    }
    return known.blocks().getFirst().reward().subsidySat();
  }

  private OptionalDouble price(EconomicsConfig economics) {
    Optional<Path> file = economics.priceFile();
    if (file.isPresent()) {
      try {
        if (Files.size(file.get()) <= MAX_PRICE_BYTES) {
          String line = Files.readString(file.get()).lines().findFirst().orElse("").strip();
          return real(Optional.of(Ratio.parse(line)));
        }
        warn(file.get() + " is longer than a price");
      } catch (IOException | IllegalArgumentException e) {
        warn("no price in " + file.get() + ": " + e.getMessage());
      }
    }
    return real(economics.pricePerBtc());
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("adit: " + Table.printable(text));
    spec.commandLine().getErr().flush();
  }

  private static OptionalDouble real(Optional<Ratio> ratio) {
    return ratio.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            Reals.of(Rational.of(ratio.get().numerator(), ratio.get().denominator())));
  }

  private void print(String money, EconomicsReport report) {
    Table table = new Table("FIGURE", ">VALUE", "UNIT");
    Hashprice hashprice = report.hashprice();
    table.row("network hashrate", Figures.hashrate(report.networkHashrate()), "by difficulty");
    table.row("hashprice", Figures.six(hashprice.satPerPhsDay()), "sat per PH/s and day");
    table.row("fee share", Figures.six(hashprice.feeShare() * PERCENT), "% of a block");
    if (report.price().isPresent()) {
      double price = report.price().getAsDouble();
      table.row("bitcoin", Figures.six(price), money);
      table.row(
          "hashprice", Figures.six(hashprice.fiatPerPhsDay(price)), money + " per PH/s and day");
    }
    Margin margin = report.margin();
    if (margin != null) {
      table.row(
          "power cost", Figures.six(margin.powerCostPerPhsDay()), money + " per PH/s and day");
      table.row("gross margin", Figures.six(margin.grossMargin() * PERCENT), "%");
      table.row("break-even power", Figures.six(margin.breakEvenPricePerKwh()), money + " per kWh");
      table.row("break-even machine", Figures.six(margin.breakEvenJoulesPerTerahash()), "J/TH");
    }
    HashrateEstimate hashrate = report.hashrate();
    if (hashrate != null) {
      table.row("pool hashrate, a day", Figures.hashrate(hashrate.hashesPerSecond()), "");
      table.row("  95 % from", Figures.hashrate(hashrate.interval().low()), "");
      table.row("  to", Figures.hashrate(hashrate.interval().high()), "");
    }
    TimeToBlock time = report.timeToBlock();
    if (time != null) {
      table.row("time to block, mean", Figures.six(time.expectedSeconds() / DAY_SECONDS), "days");
      table.row("  nine of ten within", Figures.six(time.secondsFor(P90) / DAY_SECONDS), "days");
      table.row(
          "chance within a day", Figures.six(time.probabilityWithin(DAY_SECONDS) * PERCENT), "%");
    }
    Luck luck = report.luck();
    if (luck != null) {
      table.row(
          "luck",
          Figures.six(luck.luck() * PERCENT),
          "% of " + Figures.six(luck.expected()) + " blocks");
      table.row("  95 % from", Figures.six(luck.interval().low() * PERCENT), "%");
      table.row("  to", Figures.six(luck.interval().high() * PERCENT), "%");
    }
    Output output = new Output(spec);
    output.print(table, "");
    if (luck != null && luck.isAlarming()) {
      output.line(
          "so few blocks are no accident (chance below 0.1 %): look for withheld blocks or a"
              + " broken submission");
    }
  }

  private void printJson(Priced priced) {
    EconomicsReport report = priced.report();
    Lines lines = priced.lines();
    Output output = new Output(spec);
    ObjectNode root = output.object();
    Hashprice hashprice = report.hashprice();
    root.put("network_work", report.networkWork().toString());
    root.put("network_hashrate", report.networkHashrate());
    root.put("hashprice_sat_per_phs_day", hashprice.satPerPhsDay());
    root.put("fee_share", hashprice.feeShare());
    root.put("currency", priced.currency());
    if (report.price().isPresent()) {
      double price = report.price().getAsDouble();
      root.put("price_per_btc", price);
      root.put("hashprice_per_phs_day", hashprice.fiatPerPhsDay(price));
    }
    Margin margin = report.margin();
    if (margin != null) {
      ObjectNode node = root.putObject("margin");
      node.put("power_cost_per_phs_day", margin.powerCostPerPhsDay());
      node.put("gross_margin", margin.grossMargin());
      node.put("break_even_power_price_per_kwh", margin.breakEvenPricePerKwh());
      node.put("break_even_joules_per_terahash", margin.breakEvenJoulesPerTerahash());
    }
    HashrateEstimate hashrate = report.hashrate();
    if (hashrate != null) {
      ObjectNode node = root.putObject("pool_hashrate");
      node.put("shares", hashrate.shares());
      node.put("hashes_per_second", hashrate.hashesPerSecond());
      node.put("low", hashrate.interval().low());
      node.put("high", hashrate.interval().high());
    }
    TimeToBlock time = report.timeToBlock();
    if (time != null) {
      ObjectNode node = root.putObject("time_to_block");
      node.put("mean_seconds", time.expectedSeconds());
      node.put("median_seconds", time.secondsFor(0.5));
      node.put("p90_seconds", time.secondsFor(P90));
      node.put("probability_within_day", time.probabilityWithin(DAY_SECONDS));
    }
    Luck luck = report.luck();
    if (luck != null) {
      ObjectNode node = root.putObject("luck");
      node.put("expected_blocks", luck.expected());
      node.put("found_blocks", luck.found());
      node.put("luck", luck.luck());
      node.put("low", luck.interval().low());
      node.put("high", luck.interval().high());
      node.put("probability_at_most", luck.probabilityAtMost());
      node.put("alarm", luck.isAlarming());
    }
    MarginLines.json(root.putArray("groups"), lines.groups());
    if (workers) {
      MarginLines.json(root.putArray("workers"), lines.workers());
    }
    output.print(root);
  }
}
