package org.adit.pool.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.shadow.SchemeComparison;
import org.adit.accounting.shadow.SchemeEarnings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit compare}. */
@Command(
    name = "compare",
    description = {
      "Shows what each account would have earned under each reward scheme for the newest blocks.",
      "EARNED is for the blocks that were found; LOW to HIGH is what the same work earns in 95 of",
      "100 cases, by luck alone. Changes nothing; fees are the ones in force."
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
final class CompareCommand implements Callable<Integer> {
  // The API compares over these, so that nobody keeps the pool replaying its journal.
  private static final Set<Integer> SPANS = Set.of(100, 1_000);

  @Spec private CommandSpec spec;
  @Mixin private PoolSource source;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean asJson;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Compare over the newest N blocks. Default: ${DEFAULT-VALUE}.")
  private int blocks;

  @Option(
      names = "--window",
      paramLabel = "U",
      description = "Size of the PPLNS and PPS+ windows in blocks; default: the one in force.")
  private @Nullable String window;

  @Override
  public Integer call() throws Exception {
    Rational size = size();
    if (blocks < 1) {
      throw new CommandFailure(2, "--blocks is " + blocks + " (expected: 1 or more)");
    }
    ObjectNode comparison =
        source.read(this::ofPool, (folder, config) -> ofFolder(folder, size), folderOnly());
    if (asJson) {
      new Output(spec).print(comparison);
    } else {
      print(comparison);
    }
    return 0;
  }

  private @Nullable String folderOnly() {
    if (window != null) {
      return "--window";
    }
    return SPANS.contains(blocks) ? null : "--blocks other than 100 and 1000";
  }

  private @Nullable Rational size() throws CommandFailure {
    if (window == null) {
      return null;
    }
    try {
      Rational size = Rational.parse(window);
      if (size.signum() > 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CommandFailure(2, "--window is no positive number (expected: like 8, 17/2 or 0.25)");
  }

  private ObjectNode ofPool(PoolApi api) throws Exception {
    JsonNode answer = api.get("/compare/accounts?blocks=" + blocks);
    ObjectNode root =
        head(
            answer.path("first_sequence").asLong(),
            answer.path("last_sequence").asLong(),
            Figures.decimal(answer.path("expected_blocks").asDouble()),
            answer.path("blocks").asInt(),
            new Amounts(answer.path("subsidy_sat").asLong(), answer.path("fees_sat").asLong()));
    ArrayNode schemes = root.putArray("schemes");
    for (JsonNode scheme : answer.path("schemes")) {
      ArrayNode accounts =
          scheme(
              schemes,
              scheme.path("scheme").asString(""),
              scheme.path("window").asString(""),
              scheme.path("in_force").asBoolean(false),
              scheme.path("pool_sat").asLong());
      for (JsonNode row : scheme.path("accounts")) {
        account(
            accounts,
            row.path("account").asString(""),
            row.path("earned_sat").asLong(),
            row.path("low_sat").asLong(),
            row.path("high_sat").asLong());
      }
    }
    return root;
  }

  private ObjectNode ofFolder(Path folder, @Nullable Rational size) throws Exception {
    SchemeComparison comparison;
    try (AccountingReader reader = AccountingReader.open(folder)) {
      comparison = reader.compare(size, blocks);
    }
    ObjectNode root =
        head(
            comparison.firstSequence(),
            comparison.lastSequence(),
            Figures.decimal(comparison.units()),
            comparison.blocks(),
            comparison.reward());
    ArrayNode schemes = root.putArray("schemes");
    for (SchemeEarnings scheme : comparison.schemes()) {
      ArrayNode accounts =
          scheme(
              schemes,
              scheme.scheme().name().toLowerCase(Locale.ROOT),
              scheme.window().toString(),
              scheme.inForce(),
              scheme.poolSat());
      scheme
          .accounts()
          .forEach((account, earned) ->
              account(accounts, account, earned.sat(), earned.lowSat(), earned.highSat()));
    }
    return root;
  }

  private static ObjectNode head(
      long first, long last, String expected, int found, Amounts reward) {
    return Output.newObject()
        .put("first_sequence", first)
        .put("last_sequence", last)
        .put("expected_blocks", expected)
        .put("blocks", found)
        .put("subsidy_sat", reward.subsidySat())
        .put("fees_sat", reward.feesSat())
        .put("confidence", "0.95");
  }

  private static ArrayNode scheme(
      ArrayNode schemes, String name, String window, boolean inForce, long poolSat) {
    return schemes
        .addObject()
        .put("scheme", name)
        .put("window", window)
        .put("in_force", inForce)
        .put("pool_sat", poolSat)
        .putArray("accounts");
  }

  private static void account(ArrayNode accounts, String account, long sat, long low, long high) {
    accounts
        .addObject()
        .put("account", account)
        .put("sat", sat)
        .put("low_sat", low)
        .put("high_sat", high);
  }

  private void print(JsonNode comparison) {
    Output output = new Output(spec);
    Table table = new Table("SCHEME", "ACCOUNT", ">EARNED BTC", ">LOW BTC", ">HIGH BTC");
    for (JsonNode scheme : comparison.path("schemes")) {
      for (JsonNode row : scheme.path("accounts")) {
        table.row(
            scheme.path("scheme").asString("")
                + (scheme.path("in_force").asBoolean(false) ? " *" : ""),
            row.path("account").asString(""),
            Figures.bitcoin(row.path("sat").asLong()),
            Figures.bitcoin(row.path("low_sat").asLong()),
            Figures.bitcoin(row.path("high_sat").asLong()));
      }
    }
    output.print(table, "no block yet; there is nothing to compare");
    if (!comparison.path("schemes").isEmpty()) {
      output.line(
          comparison.path("blocks").asInt()
              + " blocks found, "
              + comparison.path("expected_blocks").asString("")
              + " expected; * is the scheme in force");
    }
  }
}
