package org.adit.pool.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.ReplayReport;
import org.adit.config.Network;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.cli.Cli;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the demo says, compared with what the node has. */
class DemoIT {
  private static final int BLOCKS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Network.class,
      names = {"REGTEST", "SIGNET"})
  void theNodeAgreesWithEveryBlockAndEveryCredit(Network chain) throws Exception {
    JsonNode said = runDemo(chain);

    long reward = 0;
    Map<String, Integer> largest = new HashMap<>();
    assertThat(said.path("blocks").size()).isGreaterThanOrEqualTo(BLOCKS);
    try (LocalNode node = LocalNode.start(chain, folder.resolve("node"))) {
      for (JsonNode block : said.path("blocks")) {
        JsonNode stored =
            JsonMapper.builder()
                .build()
                .readTree(node.cli("getblock", block.path("hash").asString(), "3"));
        long subsidyAndFees = block.path("subsidy_sat").asLong() + block.path("fees_sat").asLong();
        assertThat(block.path("height").asInt()).isEqualTo(stored.path("height").asInt());
        assertThat(stored.path("confirmations").asInt()).isPositive();
        assertThat(block.path("transactions").asInt()).isEqualTo(stored.path("nTx").asInt());
        assertThat(coinbaseSat(stored)).isEqualTo(subsidyAndFees);
        assertThat(block.path("subsidy_sat").asLong()).isEqualTo(5_000_000_000L);
        if (stored.path("nTx").asInt() > 100) {
          largest = spentKinds(stored);
        }
        reward += subsidyAndFees;
      }
    }

    assertThat(largest.keySet())
        .contains("pubkeyhash", "scripthash", "witness_v0_keyhash", "witness_v1_taproot");
    long credited = 0;
    for (JsonNode worker : said.path("workers")) {
      assertThat(worker.path("shares_accepted").asLong()).isPositive();
      assertThat(worker.path("shares_rejected").asLong()).isZero();
      credited += worker.path("credited_subsidy_sat").asLong();
      credited += worker.path("credited_fees_sat").asLong();
    }
    assertThat(said.path("workers").size()).isEqualTo(2);
    assertThat(credited).isEqualTo(reward);
    assertThat(said.path("node").path("chain").asString())
        .isEqualTo(chain.name().toLowerCase(Locale.ROOT));
    try (AccountingReader reader = AccountingReader.open(folder.resolve("pool"))) {
      ReplayReport replay = reader.replay();
      assertThat(replay.differences()).isEmpty();
      assertThat(replay.blocks()).isGreaterThanOrEqualTo(BLOCKS);
    }
  }

  private JsonNode runDemo(Network chain) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Cli.run(
            new PrintWriter(out),
            new PrintWriter(err),
            "demo",
            "--chain",
            chain.name(),
            "--blocks",
            Integer.toString(BLOCKS),
            "--json",
            "--dir",
            folder.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    return JsonMapper.builder().build().readTree(out.toString());
  }

  private static long coinbaseSat(JsonNode block) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode output : block.path("tx").path(0).path("vout")) {
      sum = sum.add(output.path("value").decimalValue());
    }
    return sum.movePointRight(8).longValueExact();
  }

  /** Which kinds of outputs the block's transactions spend, and how many of each. */
  private static Map<String, Integer> spentKinds(JsonNode block) {
    Map<String, Integer> kinds = new HashMap<>();
    for (JsonNode transaction : block.path("tx")) {
      for (JsonNode input : transaction.path("vin")) {
        String kind = input.path("prevout").path("scriptPubKey").path("type").asString("");
        if (!kind.isEmpty()) {
          kinds.merge(kind, 1, Integer::sum);
        }
      }
    }
    return kinds;
  }
}
