package org.adit.pool.blocks;

import java.util.HexFormat;
import org.adit.config.BitcoindConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.mining.BlockCandidate;
import tools.jackson.databind.JsonNode;

/** The desk's and the tracker's connection to the node, apart from the one for templates. */
public final class NodeLink implements NodeSubmission, ChainView, AutoCloseable {
  private final RpcClient rpc;

  /** A link to one node. */
  public NodeLink(BitcoindConfig config) {
    this.rpc = RpcClient.of(config);
  }

  @Override
  public Outcome submit(BlockCandidate candidate) throws InterruptedException {
    String hex = HexFormat.of().formatHex(candidate.block());
    while (true) {
      try {
        JsonNode verdict = rpc.call("submitblock", hex);
        String text = verdict.asString("");
        if (verdict.isNull()
            || text.equals("duplicate")
            || text.equals("inconclusive")
            || text.equals("duplicate-inconclusive")) {
          return new Accepted(text.isEmpty() ? "accepted" : text);
        }
        return new Rejected(text, text.startsWith("bad-"));
      } catch (NodeException e) {
        Thread.sleep(250);
      }
    }
  }

  @Override
  public Place place(Hash256 block) {
    try {
      return new Place(
          true, rpc.call("getblockheader", block.toDisplayHex()).required("confirmations").asInt());
    } catch (NodeException e) {
      return new Place(false, 0);
    }
  }

  @Override
  public void close() {
    rpc.close();
  }
}
