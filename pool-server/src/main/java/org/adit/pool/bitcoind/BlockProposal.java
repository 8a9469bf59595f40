package org.adit.pool.bitcoind;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.adit.config.BitcoindConfig;
import org.adit.config.Network;
import tools.jackson.databind.JsonNode;

/**
 * Asks a node what it would say to a block, its work aside: {@code getblocktemplate} in proposal
 * mode (BIP 23; Stratum V1 specification 6.7).
 */
public final class BlockProposal implements AutoCloseable {
  /** Words that speak of the moment and not of the block. */
  private static final Set<String> NO_FAULT =
      Set.of(
          "inconclusive-not-best-prevblk", "duplicate", "duplicate-inconclusive", "inconclusive");

  private final RpcClient rpc;
  private final Network network;

  /** A link of its own to one node. */
  public BlockProposal(BitcoindConfig config, Network network) {
    this.rpc = RpcClient.of(config);
    this.network = network;
  }

  /**
   * Asks; waits for the answer.
   *
   * @param block serialised with witnesses, the coinbase's included; its nonce is of no matter
   * @return the node's word against it; empty when it has none
   * @throws NodeException when the node does not answer, or answers with an error
   */
  public Optional<String> refusal(byte[] block) throws NodeException {
    JsonNode answer =
        rpc.call(
            "getblocktemplate",
            Map.of(
                "mode",
                "proposal",
                "data",
                HexFormat.of().formatHex(block),
                "rules",
                BlockTemplateParser.rulesToAskFor(network)));
    if (answer.isNull()) {
      return Optional.empty();
    }
    String word = Printable.of(answer.asString("an answer that is no text"));
    return NO_FAULT.contains(word) ? Optional.empty() : Optional.of(word);
  }

  @Override
  public void close() {
    rpc.close();
  }
}
