package org.adit.pool.cli;

import java.util.HexFormat;
import java.util.List;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.adit.load.BlockSource;
import org.adit.load.LoadException;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import tools.jackson.databind.JsonNode;

/** Makes blocks on a regtest node, apart from giving them to it. */
final class RegtestBlocks implements BlockSource {
  private static final int HEADER_DIGITS = 160;

  private final RpcClient node;

  RegtestBlocks(RpcClient node) {
    this.node = node;
  }

  @Override
  public Prepared prepare() throws LoadException {
    JsonNode made = call("generateblock", "raw(51)", List.of(), false);
    String block = made.path("hex").asString("");
    if (block.length() < HEADER_DIGITS) {
      throw new LoadException("the node makes no blocks (expected: a regtest node)");
    }
    Hash256 hash = Sha256d.hashHeader(HexFormat.of().parseHex(block.substring(0, HEADER_DIGITS)));
    return new Prepared() {
      @Override
      public String stratumHash() {
        byte[] wire = hash.toWire();
        byte[] swapped = new byte[wire.length];
        for (int i = 0; i < wire.length; i++) {
          swapped[i] = wire[i ^ 3];
        }
        return HexFormat.of().formatHex(swapped);
      }

      @Override
      public void submit() throws LoadException {
        JsonNode answer = call("submitblock", block);
        if (!answer.isNull()) {
          throw new LoadException("the node refused a block: " + answer.asString(""));
        }
      }
    };
  }

  private JsonNode call(String method, Object... parameters) throws LoadException {
    try {
      return node.call(method, parameters);
    } catch (NodeException e) {
      throw new LoadException("regtest node, " + method + ": " + e.getMessage());
    }
  }
}
