package org.adit.pool.bitcoind;

import java.math.BigInteger;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Hash256;
import tools.jackson.databind.JsonNode;

/**
 * A block's header as {@code getblockheader} tells it, with what the node knows of its chain.
 *
 * @param hash the block
 * @param height its height
 * @param time its time, Unix seconds
 * @param medianTime the median of the eleven times that end with it; the next block must be later
 * @param bits its target in compact form
 * @param chainWork expected hashes of the chain up to and with it, by which chains are compared
 * @param inChain whether the node's best chain holds it
 */
record TipHeader(
    Hash256 hash,
    int height,
    long time,
    long medianTime,
    int bits,
    BigInteger chainWork,
    boolean inChain) {
  private static final long MAX_UINT32 = 0xffff_ffffL;

  /**
   * Asks a node.
   *
   * @throws TemplateRefusedException when the answer is not what bitcoind says
   */
  static TipHeader ask(RpcClient rpc, Hash256 hash)
      throws RpcException, NodeUnavailableException, TemplateRefusedException {
    return of(hash, rpc.call("getblockheader", hash.toDisplayHex(), true));
  }

  static TipHeader of(Hash256 hash, JsonNode answer) throws TemplateRefusedException {
    JsonFields fields = new JsonFields("block header", answer);
    try {
      return new TipHeader(
          hash,
          (int) fields.integer("height", 0, Integer.MAX_VALUE),
          fields.integer("time", 0, MAX_UINT32),
          fields.integer("mediantime", 0, MAX_UINT32),
          CompactBits.parse(fields.text("bits")),
          new BigInteger(fields.text("chainwork"), 16),
          fields.integer("confirmations", -1, Integer.MAX_VALUE) > 0);
    } catch (IllegalArgumentException e) {
      throw JsonFields.refused("block header: a number cannot be read: " + e.getMessage());
    }
  }
}
