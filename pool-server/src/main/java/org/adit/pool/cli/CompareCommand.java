package org.adit.pool.cli;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.shadow.Earned;
import org.adit.accounting.shadow.SchemeComparison;
import org.adit.accounting.shadow.SchemeEarnings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
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
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

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
    SchemeComparison comparison;
    try (AccountingReader reader = data.open()) {
      comparison = reader.compare(size, blocks);
    }
    if (asJson) {
      printJson(comparison);
    } else {
      print(comparison);
    }
    return 0;
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

  private void print(SchemeComparison comparison) {
    Output output = new Output(spec);
    Table table = new Table("SCHEME", "ACCOUNT", ">EARNED BTC", ">LOW BTC", ">HIGH BTC");
    for (SchemeEarnings scheme : comparison.schemes()) {
      for (Map.Entry<String, Earned> row : scheme.accounts().entrySet()) {
        table.row(
            name(scheme) + (scheme.inForce() ? " *" : ""),
            row.getKey(),
            Figures.bitcoin(row.getValue().sat()),
            Figures.bitcoin(row.getValue().lowSat()),
            Figures.bitcoin(row.getValue().highSat()));
      }
    }
    output.print(table, "no block yet; there is nothing to compare");
    if (!comparison.schemes().isEmpty()) {
      output.line(
          comparison.blocks()
              + " blocks found, "
              + Figures.decimal(comparison.units())
              + " expected; * is the scheme in force");
    }
  }

  private static String name(SchemeEarnings scheme) {
    return scheme.scheme().name().toLowerCase(Locale.ROOT);
  }

  private void printJson(SchemeComparison comparison) {
    Output output = new Output(spec);
    ObjectNode root = output.object();
    root.put("first_sequence", comparison.firstSequence());
    root.put("last_sequence", comparison.lastSequence());
    root.put("expected_blocks", Figures.decimal(comparison.units()));
    root.put("blocks", comparison.blocks());
    root.put("subsidy_sat", comparison.reward().subsidySat());
    root.put("fees_sat", comparison.reward().feesSat());
    root.put("confidence", "0.95");
    ArrayNode schemes = root.putArray("schemes");
    for (SchemeEarnings scheme : comparison.schemes()) {
      ObjectNode node = schemes.addObject();
      node.put("scheme", name(scheme));
      node.put("window", scheme.window().toString());
      node.put("in_force", scheme.inForce());
      node.put("pool_sat", scheme.poolSat());
      ArrayNode accounts = node.putArray("accounts");
      scheme
          .accounts()
          .forEach((account, earned) ->
              accounts
                  .addObject()
                  .put("account", account)
                  .put("sat", earned.sat())
                  .put("low_sat", earned.lowSat())
                  .put("high_sat", earned.highSat()));
    }
    output.print(root);
  }
}
