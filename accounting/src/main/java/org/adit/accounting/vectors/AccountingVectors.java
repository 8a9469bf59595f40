package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.adit.accounting.vectors.VectorResult.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Runs a file of accounting vectors, format {@code pool-accounting-vectors/1}, against this module.
 * Takes the parsed JSON as plain maps, lists, strings and numbers, from whatever parser.
 */
public final class AccountingVectors {
  /** Value of {@code format} in files this class runs. */
  public static final String FORMAT = "pool-accounting-vectors/1";

  /** Computes a vector's output from its input. */
  @FunctionalInterface
  interface Kind {
    Map<String, ?> compute(Fields in);
  }

  private static final Map<String, Kind> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("work.from_nbits", BasicKinds::workFromNbits),
              Map.entry("work.from_difficulty", BasicKinds::workFromDifficulty),
              Map.entry("split.largest_remainder", BasicKinds::split),
              Map.entry("fee.ppm", BasicKinds::fee),
              Map.entry("dust.threshold", BasicKinds::dust),
              Map.entry("scheme.solo", SchemeKinds::solo),
              Map.entry("scheme.prop", SchemeKinds::prop),
              Map.entry("scheme.pplns_work", SchemeKinds::pplnsWork),
              // TIDES is the same window; what differs is that the coinbase pays it.
              Map.entry("scheme.tides_window", SchemeKinds::pplnsWork),
              Map.entry("scheme.pplns_units", SchemeKinds::pplnsUnits),
              Map.entry("scheme.pps", PpsKinds::pps),
              Map.entry("scheme.fpps", PpsKinds::pps),
              Map.entry("fpps.expected_fees", PpsKinds::expectedFees),
              Map.entry("proof.sum_tree", ProofKind::sumTree),
              Map.entry("coinbase.pack", PayoutKinds::pack),
              Map.entry("payout.batch", PayoutKinds::batch),
              Map.entry("ledger.replay", LedgerKind::replay),
              Map.entry("scheme.pps_plus", PpsPlusKind::ppsPlus),
              Map.entry("scheme.slice", SchemeKinds::slice),
              Map.entry("econ.network_hashrate", EconomicsKinds::networkHashrate),
              Map.entry("econ.hashprice", EconomicsKinds::hashprice),
              Map.entry("econ.margin", EconomicsKinds::margin),
              Map.entry("econ.hashrate_estimate", EconomicsKinds::hashrateEstimate),
              Map.entry("econ.hashrate_exposure", EconomicsKinds::hashrateExposure),
              Map.entry("econ.luck", EconomicsKinds::luck),
              Map.entry("econ.time_to_block", EconomicsKinds::timeToBlock),
              Map.entry("econ.difficulty_projection", EconomicsKinds::difficultyProjection),
              Map.entry("econ.retarget_exact", EconomicsKinds::retarget),
              Map.entry("sizing.share_log", EconomicsKinds::shareLog),
              Map.entry("theory.edge_bias", TheoryKinds::edgeBias),
              Map.entry("theory.unfilled_scale_early", TheoryKinds::unfilledScaleEarly),
              Map.entry("theory.work_window_retarget", TheoryKinds::workWindowRetarget),
              Map.entry("theory.share_rel_sd", TheoryKinds::shareDeviation),
              Map.entry("theory.pps_reserve", TheoryKinds::ppsReserve),
              Map.entry("theory.prop_hopping", TheoryKinds::propHopping),
              Map.entry("seed.network_from_share", SeedKinds::networkFromShare),
              Map.entry("seed.hashprice", SeedKinds::hashprice),
              Map.entry("seed.margin", SeedKinds::margin),
              Map.entry("seed.margin_consistency", SeedKinds::marginConsistency),
              Map.entry("seed.hashprice_decomposition", SeedKinds::hashpriceDecomposition),
              Map.entry("seed.market_cap", SeedKinds::marketCap)));

  private AccountingVectors() {}

  /** Kinds that can be computed, sorted. */
  public static Set<String> supportedKinds() {
    return Set.copyOf(KINDS.keySet());
  }

  /**
   * Runs every vector of a file.
   *
   * @param file the parsed file: {@code format} and {@code vectors}
   * @return one result per vector, in the file's order
   * @throws IllegalArgumentException when it is no file of that format
   */
  public static List<VectorResult> run(Map<?, ?> file) {
    if (!FORMAT.equals(file.get("format"))) {
      throw new IllegalArgumentException(
          "not an accounting vector file: \"format\" is not \"" + FORMAT + "\"");
    }
    if (!(file.get("vectors") instanceof List<?> vectors)) {
      throw new IllegalArgumentException("\"vectors\" is missing or not a list");
    }
    List<VectorResult> results = new ArrayList<>(vectors.size());
    for (Object vector : vectors) {
      results.add(runOne(results.size(), vector));
    }
    return results;
  }

  private static VectorResult runOne(int index, @Nullable Object vector) {
    String id = "vectors[" + index + "]";
    String kind = "";
    try {
      Fields fields = Fields.of(id, vector);
      id = fields.text("id");
      fields = Fields.of(id, vector);
      kind = fields.text("kind");
      Kind known = KINDS.get(kind);
      if (known == null) {
        return new VectorResult(id, kind, Outcome.UNSUPPORTED, "kind " + kind);
      }
      Map<String, ?> actual = known.compute(fields.object("in"));
      String difference = Comparison.top(kind, fields.object("out"), actual);
      return difference == null
          ? new VectorResult(id, kind, Outcome.PASS, "")
          : new VectorResult(id, kind, Outcome.FAIL, difference);
    } catch (VectorException | IllegalArgumentException | ArithmeticException e) {
      return new VectorResult(id, kind, Outcome.FAIL, String.valueOf(e.getMessage()));
    }
  }
}
