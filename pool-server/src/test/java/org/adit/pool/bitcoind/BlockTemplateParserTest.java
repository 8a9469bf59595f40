package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HexFormat;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.TemplateRefusedException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answers were recorded from a real bitcoind; the broken ones are those with one field changed.
 */
final class BlockTemplateParserTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant NOW = Instant.ofEpochSecond(1_795_344_400);

  @Test
  void readsARegtestTemplateWithTransactions() throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    BlockTemplate template = new BlockTemplateParser(Network.REGTEST).parse(recorded, NOW);

    assertThat(template.network()).isEqualTo(Network.REGTEST);
    assertThat(template.height()).isEqualTo(104);
    assertThat(template.version()).isEqualTo(0x20000000);
    assertThat(template.vbRequired()).isZero();
    assertThat(template.previousBlock().toDisplayHex())
        .isEqualTo(recorded.get("previousblockhash").stringValue());
    assertThat(template.transactions()).hasSize(4);
    assertThat(template.subsidySat()).isEqualTo(5_000_000_000L);
    assertThat(template.feesSat()).isPositive();
    assertThat(template.coinbaseValueSat()).isEqualTo(5_000_000_000L + template.feesSat());
    assertThat(template.coinbaseAux()).isEmpty();
    assertThat(template.curTime()).isGreaterThanOrEqualTo(template.minTime());
    assertThat(template.bits()).isEqualTo(0x207fffff);
    assertThat(template.target()).isEqualTo(Target.ofCompact(0x207fffff));
    assertThat(template.defaultWitnessCommitment().orElseThrow()).hasSize(38);
    assertThat(template.rules()).containsExactly("csv", "!segwit", "taproot");
    assertThat(template.longPollId()).startsWith(template.previousBlock().toDisplayHex());
    assertThat(template.signetChallenge()).isEmpty();
    assertThat(template.receivedAt()).isEqualTo(NOW);
  }

  @Test
  void readsEachTransactionInTheNodesOrder() throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    BlockTemplate template = new BlockTemplateParser(Network.REGTEST).parse(recorded, NOW);
    for (int i = 0; i < template.transactions().size(); i++) {
      TemplateTransaction transaction = template.transactions().get(i);
      var entry = recorded.get("transactions").get(i);
      assertThat(transaction.txid().toDisplayHex()).isEqualTo(entry.get("txid").stringValue());
      assertThat(transaction.feeSat()).isEqualTo(entry.get("fee").longValue());
      assertThat(transaction.weight()).isEqualTo(entry.get("weight").intValue());
      assertThat(transaction.sigops()).isEqualTo(entry.get("sigops").intValue());
      // The node's "hash" is the double SHA-256 of exactly the bytes that stand in the block.
      assertThat(Hash256.ofWire(Sha256d.hash(transaction.data())).toDisplayHex())
          .isEqualTo(entry.get("hash").stringValue());
    }
  }

  @Test
  void readsTestnet4AtHeightOne() throws Exception {
    BlockTemplate template =
        new BlockTemplateParser(Network.TESTNET4).parse(recorded("template-testnet4.json"), NOW);
    assertThat(template.height()).isEqualTo(1);
    assertThat(template.bits()).isEqualTo(0x1d00ffff);
    assertThat(template.subsidySat()).isEqualTo(template.coinbaseValueSat());
  }

  @Test
  void readsASignetThatAnyoneMayMine() throws Exception {
    BlockTemplate template =
        new BlockTemplateParser(Network.SIGNET).parse(recorded("template-signet.json"), NOW);
    assertThat(template.signetChallenge().orElseThrow()).containsExactly(0x51);
    assertThat(template.rules()).contains("!signet");
    assertThat(BlockTemplateParser.rulesToAskFor(Network.SIGNET))
        .containsExactly("segwit", "signet");
    assertThat(BlockTemplateParser.rulesToAskFor(Network.MAIN)).containsExactly("segwit");
  }

  @Test
  void refusesASignetWhoseBlocksMustBeSigned() throws Exception {
    ObjectNode recorded = recorded("template-signet.json");
    recorded.put(
        "signet_challenge",
        "512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be43051ae");
    assertRefused(Network.SIGNET, recorded, Reason.WRONG_CHAIN, "-signetchallenge=51");
  }

  @Test
  void refusesATemplateOfAnotherChain() throws Exception {
    assertRefused(Network.MAIN, recorded("template-signet.json"), Reason.WRONG_CHAIN, "main");
    assertRefused(
        Network.SIGNET, recorded("template-regtest.json"), Reason.WRONG_CHAIN, "signet_challenge");
  }

  @Test
  void refusesTheBlake2bForkAsTheRealNodeOffersIt() throws Exception {
    assertRefused(
        Network.REGTEST,
        recorded("template-regtest-blake2b.json"),
        Reason.UNSUPPORTED_FORK,
        "0xa0000000",
        "bit 31");
    ObjectNode ordinaryVersion = recorded("template-regtest-blake2b.json");
    ordinaryVersion.put("version", 0x20000000);
    assertRefused(Network.REGTEST, ordinaryVersion, Reason.UNSUPPORTED_FORK, "!blake2b");
  }

  @Test
  void refusesVersionBit31HoweverItIsWritten() throws Exception {
    ObjectNode negative = recorded("template-regtest.json");
    negative.put("version", -2147483648);
    assertRefused(Network.REGTEST, negative, Reason.UNSUPPORTED_FORK, "bit 31");
  }

  @Test
  void refusesUnknownRulesOnlyWhenMarked() throws Exception {
    ObjectNode unmarked = recorded("template-regtest.json");
    unmarked.withArray("rules").add("covenants");
    assertThat(new BlockTemplateParser(Network.REGTEST).parse(unmarked, NOW).rules())
        .contains("covenants");
    ObjectNode marked = recorded("template-regtest.json");
    marked.withArray("rules").add("!covenants\n");
    assertRefused(Network.REGTEST, marked, Reason.NOT_UNDERSTOOD, "!covenants ", "newer Adit");
  }

  @Test
  void refusesATargetThatDisagreesWithBits() throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    recorded.put("bits", "207ffffe");
    assertRefused(Network.REGTEST, recorded, Reason.NOT_UNDERSTOOD, "disagrees", "207ffffe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version",
        "vbrequired",
        "previousblockhash",
        "transactions",
        "coinbasevalue",
        "mintime",
        "curtime",
        "bits",
        "target",
        "height",
        "rules",
        "longpollid"
      })
  void namesTheMissingField(String field) throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    recorded.remove(field);
    assertRefused(Network.REGTEST, recorded, Reason.NOT_UNDERSTOOD, "no " + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "txid", "weight", "sigops", "fee"})
  void namesTheTransactionWhoseFieldIsMissing(String field) throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    ((ObjectNode) recorded.get("transactions").get(2)).remove(field);
    assertRefused(Network.REGTEST, recorded, Reason.NOT_UNDERSTOOD, "transaction 3", field);
  }

  @ParameterizedTest
  @CsvSource({
    "height, 0",
    "height, 2147483648",
    "coinbasevalue, -1",
    "coinbasevalue, 2100000000000001",
    "coinbasevalue, 1",
    "curtime, 0",
    "mintime, 4294967296",
    "vbrequired, -1"
  })
  void refusesNumbersOutOfRange(String field, long value) throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    recorded.put(field, value);
    assertRefused(Network.REGTEST, recorded, Reason.NOT_UNDERSTOOD, field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"previousblockhash", "bits", "target", "default_witness_commitment"})
  void refusesWhatIsNoHex(String field) throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    recorded.put(field, "zz" + recorded.get(field).stringValue().substring(2));
    assertRefused(Network.REGTEST, recorded, Reason.NOT_UNDERSTOOD, field);
  }

  @Test
  void keepsCoinbaseAuxInTheNodesOrder() throws Exception {
    ObjectNode recorded = recorded("template-regtest.json");
    ObjectNode aux = recorded.putObject("coinbaseaux");
    aux.put("zeta", "0102").put("alpha", "ff");
    BlockTemplate template = new BlockTemplateParser(Network.REGTEST).parse(recorded, NOW);
    assertThat(template.coinbaseAux().keySet()).containsExactly("zeta", "alpha");
    assertThat(HexFormat.of().formatHex(template.coinbaseAux().get("zeta"))).isEqualTo("0102");
  }

  private static void assertRefused(
      Network network, ObjectNode answer, Reason reason, String... words) {
    assertThatThrownBy(() -> new BlockTemplateParser(network).parse(answer, NOW))
        .isInstanceOfSatisfying(
            TemplateRefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(reason))
        .hasMessageContainingAll(words);
  }

  private static ObjectNode recorded(String name) throws IOException {
    try (InputStream in = BlockTemplateParserTest.class.getResourceAsStream(name)) {
      return (ObjectNode) JSON.readTree(in);
    }
  }
}
