package org.adit.pool.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.store.BlockRow;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit blocks}. */
@Command(
    name = "blocks",
    description = "Shows the blocks this pool found, newest first.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      PoolSource.EXIT_FAILED,
      PoolSource.EXIT_USAGE,
      PoolSource.EXIT_NOT_RUNNING,
      PoolSource.EXIT_NOT_ALLOWED
    },
    mixinStandardHelpOptions = true)
final class BlocksCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PoolSource source;

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
    Output output = new Output(spec);
    if (timeline != null) {
      Timelines.show(source, timeline, output, asJson);
      return 0;
    }
    if (limit < 1) {
      throw new CommandFailure(2, "--limit is " + limit + " (expected: 1 or more)");
    }
    ArrayNode blocks = output.array();
    source.read(this::ofPool, (folder, config) -> ofFolder(folder), null).forEach(blocks::add);
    if (asJson) {
      output.print(blocks);
    } else {
      output.print(table(blocks), "this pool has found no block yet");
    }
    return 0;
  }

  private List<ObjectNode> ofFolder(Path folder) throws Exception {
    List<ObjectNode> rows = new ArrayList<>();
    try (AccountingReader reader = AccountingReader.open(folder)) {
      for (BlockRow block : reader.blocks(limit)) {
        rows.add(
            Output.newObject()
                .put("height", block.height())
                .put("hash", block.hash().toDisplayHex())
                .put("state", block.state().name().toLowerCase(Locale.ROOT))
                .put("scheme", block.scheme().name().toLowerCase(Locale.ROOT))
                .put("subsidy_sat", block.reward().subsidySat())
                .put("fees_sat", block.reward().feesSat())
                .put("pool_fee_sat", block.poolFee().totalSat())
                .put("transactions", block.transactions())
                .put("finder_account", block.finder().account())
                .put("finder_worker", block.finder().worker())
                .put("found_at", block.foundAt().toString())
                .put("proof_root", root(reader, block.hash())));
      }
    }
    return rows;
  }

  private static @Nullable String root(AccountingReader reader, Hash256 block) {
    return reader.proofRoot(block).map(SumNode::hashHex).orElse(null);
  }

  private List<ObjectNode> ofPool(PoolApi api) throws Exception {
    List<JsonNode> blocks = api.list("/blocks", limit);
    Map<String, String> roots = new HashMap<>();
    for (JsonNode root : api.list("/proof-roots", limit)) {
      if (root.path("root_hash").isString()) {
        roots.put(root.path("block_hash").asString(""), root.path("root_hash").asString(""));
      }
    }
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode block : blocks) {
      String hash = block.path("hash").asString("");
      rows.add(
          Output.newObject()
              .put("height", block.path("height").asInt(0))
              .put("hash", hash)
              .put("state", block.path("state").asString(""))
              .put("scheme", block.path("scheme").asString(""))
              .put("subsidy_sat", block.path("subsidy_sat").asLong(0))
              .put("fees_sat", block.path("fees_sat").asLong(0))
              .put("pool_fee_sat", block.path("pool_fee_sat").asLong(0))
              .put("transactions", block.path("transactions").asInt(0))
              .put("finder_account", block.path("finder_account").asString(null))
              .put("finder_worker", block.path("finder_worker").asString(null))
              .put("found_at", Instant.ofEpochMilli(block.path("found_at_ms").asLong(0)).toString())
              .put("proof_root", roots.get(hash)));
    }
    return rows;
  }

  private static Table table(ArrayNode blocks) {
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
    for (JsonNode block : blocks) {
      // A pool that was asked without its token keeps the worker's name to itself.
      JsonNode worker = block.path("finder_worker");
      table.row(
          block.path("height").asInt(),
          block.path("hash").asString(""),
          block.path("state").asString(""),
          Figures.bitcoin(block.path("subsidy_sat").asLong()),
          Figures.bitcoin(block.path("fees_sat").asLong()),
          block.path("transactions").asInt(),
          block.path("finder_account").asString("-")
              + (worker.isString() ? "." + worker.asString() : ""),
          Figures.time(block.path("found_at")));
    }
    return table.leavingOut("TXS", "FEES BTC", "FOUND BY");
  }
}
