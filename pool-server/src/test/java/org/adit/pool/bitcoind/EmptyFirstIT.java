package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.adit.config.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pool makes up for a tip is what the node says when its mempool is empty. */
final class EmptyFirstIT {
  @TempDir private Path folder;

  @Test
  void onRegtestItIsTheNodesOwnTemplateAndItsBlockIsTaken() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      node.rpc().call("generatetodescriptor", 147, "raw(51)");
      BlockTemplate last = template(node);
      int made = 0;
      for (int i = 0; i < 5; i++) { // Over the halving at 150.
        node.rpc().call("generatetodescriptor", 1, "raw(51)");
        BlockTemplate next = template(node);
        assertSame(empty(last, node).orElseThrow(), next);
        made++;
        last = next;
      }
      assertThat(made).isEqualTo(5);
      byte[] block = TestBlock.on(empty(last, node).orElseThrow(), 1).build();
      assertThat(node.rpc().call("submitblock", HexFormat.of().formatHex(block)).isNull()).isTrue();
    }
  }

  @Test
  void onSignetTheCommitmentIsThereToo() throws Exception {
    try (LocalNode node = LocalNode.start(Network.SIGNET, folder)) {
      BlockTemplate first = template(node);
      BlockTemplate empty = empty(first, node).orElseThrow();
      assertSame(empty, first);
      assertThat(empty.signetChallenge()).isPresent();
    }
  }

  private static void assertSame(BlockTemplate empty, BlockTemplate nodes) {
    assertThat(nodes.transactions()).isEmpty();
    assertThat(empty.height()).isEqualTo(nodes.height());
    assertThat(empty.previousBlock()).isEqualTo(nodes.previousBlock());
    assertThat(empty.version()).isEqualTo(nodes.version());
    assertThat(empty.bits()).isEqualTo(nodes.bits());
    assertThat(empty.target()).isEqualTo(nodes.target());
    assertThat(empty.minTime()).isEqualTo(nodes.minTime());
    assertThat(empty.coinbaseValueSat()).isEqualTo(nodes.coinbaseValueSat());
    assertThat(empty.coinbaseAux().keySet()).isEqualTo(nodes.coinbaseAux().keySet());
    assertThat(empty.rules()).isEqualTo(nodes.rules());
    assertThat(empty.defaultWitnessCommitment().orElseThrow())
        .isEqualTo(nodes.defaultWitnessCommitment().orElseThrow());
  }

  private static Optional<BlockTemplate> empty(BlockTemplate last, LocalNode node)
      throws Exception {
    TipHeader tip = TipHeader.ask(node.rpc(), template(node).previousBlock());
    return EmptyFirst.on(last, tip, Instant.now());
  }

  private static BlockTemplate template(LocalNode node) throws Exception {
    var rules = BlockTemplateParser.rulesToAskFor(node.network());
    return new BlockTemplateParser(node.network())
        .parse(node.rpc().call("getblocktemplate", Map.of("rules", rules)), Instant.now());
  }
}
