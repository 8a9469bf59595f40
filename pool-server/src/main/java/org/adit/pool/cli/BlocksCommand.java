package org.adit.pool.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.store.BlockRow;
import org.adit.hasher.Hash256;
import org.adit.pool.blocks.BlockTimeline;
import org.adit.pool.blocks.BlockTimelines;
import org.adit.pool.blocks.CandidateFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit blocks}. */
@Command(
    name = "blocks",
    description = "Shows the blocks this pool found, newest first.",
    mixinStandardHelpOptions = true)
final class BlocksCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "50",
      description = "At most N blocks (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--timeline",
      paramLabel = "HASH",
      description = "Show what happened to one block: found, on disk, sent to each node, answers.")
  private @Nullable String timeline;

  @Override
  public Integer call() throws Exception {
    if (timeline != null) {
      return showTimeline(timeline);
    }
    if (limit < 1) {
      throw new CommandFailure(2, "--limit is " + limit + " (expected: 1 or more)");
    }
    List<BlockRow> blocks;
    Map<Hash256, SumNode> roots = new HashMap<>();
    try (AccountingReader reader = data.open()) {
      blocks = reader.blocks(limit);
      for (BlockRow block : blocks) {
        reader.proofRoot(block.hash()).ifPresent(root -> roots.put(block.hash(), root));
      }
    }
    Output output = new Output(spec);
    if (asJson) {
      ArrayNode list = output.array();
      for (BlockRow block : blocks) {
        SumNode root = roots.get(block.hash());
        list.addObject()
            .put("height", block.height())
            .put("hash", block.hash().toDisplayHex())
            .put("state", state(block))
            .put("scheme", block.scheme().name().toLowerCase(Locale.ROOT))
            .put("subsidy_sat", block.reward().subsidySat())
            .put("fees_sat", block.reward().feesSat())
            .put("pool_fee_sat", block.poolFee().totalSat())
            .put("transactions", block.transactions())
            .put("finder_account", block.finder().account())
            .put("finder_worker", block.finder().worker())
            .put("found_at", block.foundAt().toString())
            .put("proof_root", root == null ? null : root.hashHex());
      }
      output.print(list);
      return 0;
    }
    Table table =
        new Table(
            ">HEIGHT",
            "HASH",
            "STATE",
            ">SUBSIDY BTC",
            ">FEES BTC",
            ">TXS",
            "FOUND BY",
            "FOUND AT (UTC)");
    for (BlockRow block : blocks) {
      table.row(
          block.height(),
          block.hash().toDisplayHex(),
          state(block),
          Figures.bitcoin(block.reward().subsidySat()),
          Figures.bitcoin(block.reward().feesSat()),
          block.transactions(),
          block.finder().account() + "." + block.finder().worker(),
          Figures.time(block.foundAt()));
    }
    output.print(table, "this pool has found no block yet");
    return 0;
  }

  private int showTimeline(String text) throws Exception {
    Hash256 hash;
    try {
      hash = Hash256.ofDisplayHex(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(2, "--timeline: " + e.getMessage());
    }
    BlockTimeline found =
        BlockTimelines.read(CandidateFiles.in(data.path()), hash)
            .orElseThrow(() ->
                new CommandFailure(
                    1,
                    "nothing is noted about block "
                        + hash.toDisplayHex()
                        + "; it is not of this pool, or long ago"));
    Output output = new Output(spec);
    Instant began = found.moments().getFirst().at();
    if (asJson) {
      ObjectNode object = output.object().put("hash", hash.toDisplayHex());
      ArrayNode moments = object.putArray("moments");
      for (BlockTimeline.Moment moment : found.moments()) {
        moments
            .addObject()
            .put("at", moment.at().toString())
            .put("millis", Duration.between(began, moment.at()).toMillis())
            .put("event", moment.kind().name().toLowerCase(Locale.ROOT))
            .put("node", moment.node())
            .put("text", moment.text());
      }
      output.print(object);
      return 0;
    }
    Table table = new Table("AT (UTC)", ">AFTER MS", "EVENT", "NODE", "");
    for (BlockTimeline.Moment moment : found.moments()) {
      table.row(
          Figures.time(moment.at()),
          Duration.between(began, moment.at()).toMillis(),
          moment.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          moment.node(),
          moment.text());
    }
    output.print(table, "");
    return 0;
  }

  private static String state(BlockRow block) {
    return block.state().name().toLowerCase(Locale.ROOT);
  }
}
