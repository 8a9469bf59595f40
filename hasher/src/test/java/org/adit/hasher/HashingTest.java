package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * {@link Hash256}, {@link Sha256d}, {@link BlockHeader} and {@link MerkleBranch} against real
 * blocks.
 */
class HashingTest {
  private static final HexFormat HEX = HexFormat.of();

  /** Mainnet block 0, the constant every node carries. */
  static final String GENESIS_HEADER =
      "01000000"
          + "00".repeat(32)
          + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
          + "29ab5f49"
          + "ffff001d"
          + "1dac2b7c";

  private static final String GENESIS_HASH =
      "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

  static Stream<JsonNode> stratumJobs() {
    return Vectors.stratumJobs();
  }

  @ParameterizedTest
  @MethodSource("stratumJobs")
  void coinbaseRootAndHeaderOfStratumJobs(JsonNode job) {
    JsonNode expected = job.get("expected");
    List<Hash256> branch =
        job.get("notify").get(4).valueStream().map(h -> Hash256.ofWireHex(h.asString())).toList();

    Hash256 txid = Sha256d.hash256(HEX.parseHex(expected.get("coinbase_tx").asString()));
    assertThat(txid.toDisplayHex()).isEqualTo(expected.get("coinbase_txid").asString());

    Hash256 root = MerkleBranch.of(branch).root(txid);
    assertThat(root.toWireHex()).isEqualTo(expected.get("merkle_root_internal").asString());

    byte[] bytes = HEX.parseHex(expected.get("header").asString());
    BlockHeader header = BlockHeader.parse(bytes);
    assertThat(header.merkleRoot()).isEqualTo(root);
    assertThat(HEX.toHexDigits(header.version()))
        .isEqualTo(expected.get("header_version").asString());
    assertThat(CompactBits.format(header.bits())).isEqualTo(job.get("notify").get(6).asString());
    assertThat(HEX.toHexDigits(header.time())).isEqualTo(job.get("submit").get(3).asString());
    assertThat(header.toBytes()).isEqualTo(bytes);
    assertThat(header.hash()).isEqualTo(Sha256d.hashHeader(bytes));
    assertThat(header.hash().toDisplayHex()).isEqualTo(expected.get("block_hash").asString());

    Target network = Target.ofCompact(header.bits());
    assertThat(network.toHex()).isEqualTo(expected.get("network_target").asString());
    assertThat(network.isMetBy(header.hash())).isEqualTo(expected.get("is_block").asBoolean());
  }

  @Test
  void genesis() {
    BlockHeader genesis = BlockHeader.parse(HEX.parseHex(GENESIS_HEADER));
    assertThat(genesis.hash().toDisplayHex()).isEqualTo(GENESIS_HASH);
    assertThat(genesis.previous()).isEqualTo(Hash256.ZERO);
    assertThat(genesis.time()).isEqualTo(1_231_006_505);
    assertThat(Integer.toUnsignedLong(genesis.nonce())).isEqualTo(2_083_236_893L);
    assertThat(Target.ofCompact(genesis.bits()).isMetBy(genesis.hash())).isTrue();
  }

  @Test
  void hashOrders() {
    Hash256 hash = Hash256.ofDisplayHex(GENESIS_HASH);
    byte[] wire = hash.toWire();
    assertThat(wire[31]).isZero();
    assertThat(wire[0]).isEqualTo((byte) 0x6f);
    assertThat(Hash256.ofWire(wire)).isEqualTo(hash).hasSameHashCodeAs(hash);
    assertThat(Hash256.ofWireHex(hash.toWireHex())).isEqualTo(hash);
    assertThat(hash)
        .hasToString(GENESIS_HASH)
        .isNotEqualTo(Hash256.ZERO)
        .isGreaterThan(Hash256.ZERO);
    byte[] longer = new byte[40];
    hash.copyTo(longer, 8);
    assertThat(Hash256.ofWire(longer, 8)).isEqualByComparingTo(hash);
    assertThat(Hash256.ofDisplayHex("8" + "0".repeat(63)))
        .as("the top bit is no sign")
        .isGreaterThan(Hash256.ofDisplayHex("7" + "f".repeat(63)));
  }

  @Test
  void refusesWrongLengths() {
    assertThatThrownBy(() -> Hash256.ofWire(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wire: 31 bytes (expected: 32 bytes of a hash)");
    assertThatThrownBy(() -> Hash256.ofDisplayHex("zz".repeat(32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("character 1 is no hex digit");
    assertThatThrownBy(() -> Hash256.ZERO.copyTo(new byte[32], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> BlockHeader.parse(new byte[81]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header: 81 bytes (expected: 80)");
    assertThatThrownBy(() -> Sha256d.hashHeader(new byte[79]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MerkleBranch.of(java.util.Collections.nCopies(33, Hash256.ZERO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("33 levels");
  }

  @Test
  void branchGivesTheRootOfTheWholeTree() {
    SplittableRandom random = new SplittableRandom(5);
    for (int others = 0; others < 70; others++) {
      List<Hash256> leaves = new ArrayList<>();
      for (int i = 0; i <= others; i++) {
        byte[] id = new byte[32];
        random.nextBytes(id);
        leaves.add(Hash256.ofWire(id));
      }
      MerkleBranch branch = MerkleBranch.ofTxids(leaves.subList(1, leaves.size()));
      assertThat(branch.root(leaves.getFirst()))
          .as("%d others", others)
          .isEqualTo(wholeTree(leaves));
      assertThat(MerkleBranch.of(branch.entries())).isEqualTo(branch).hasSameHashCodeAs(branch);
    }
  }

  /** The textbook construction, nothing shared with the branch. */
  private static Hash256 wholeTree(List<Hash256> leaves) {
    List<Hash256> level = new ArrayList<>(leaves);
    while (level.size() > 1) {
      if (level.size() % 2 == 1) {
        level.add(level.getLast());
      }
      List<Hash256> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        above.add(Sha256d.hashPair(level.get(i), level.get(i + 1)));
      }
      level = above;
    }
    return level.getFirst();
  }
}
