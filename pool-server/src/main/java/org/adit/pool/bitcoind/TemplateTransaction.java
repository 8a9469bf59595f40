package org.adit.pool.bitcoind;

import org.adit.hasher.Hash256;

/** One transaction of a block template, in the order the node put it (after the coinbase). */
public final class TemplateTransaction {
  private final byte[] data;
  private final Hash256 txid;
  private final int weight;
  private final int sigops;
  private final long feeSat;

  /**
   * Takes a transaction; the array is not copied and must not change afterwards.
   *
   * @param data the transaction as it stands in a block, witness included
   * @param txid its id without witness, the leaf of the merkle tree
   * @param weight BIP 141 weight
   * @param sigops signature operations at the BIP 141 cost (witness discounted)
   * @param feeSat fee in satoshi
   */
  public TemplateTransaction(byte[] data, Hash256 txid, int weight, int sigops, long feeSat) {
    this.data = data;
    this.txid = txid;
    this.weight = weight;
    this.sigops = sigops;
    this.feeSat = feeSat;
  }

  /**
   * The bytes as they stand in a block. Shared, not copied (templates are large): never write to
   * them.
   */
  public byte[] data() {
    return data;
  }

  /** Id without witness. */
  public Hash256 txid() {
    return txid;
  }

  /** BIP 141 weight. */
  public int weight() {
    return weight;
  }

  /** Signature operations at the BIP 141 cost. */
  public int sigops() {
    return sigops;
  }

  /** Fee in satoshi. */
  public long feeSat() {
    return feeSat;
  }

  @Override
  public String toString() {
    return "TemplateTransaction["
        + txid.toDisplayHex()
        + ", "
        + weight
        + " WU, "
        + feeSat
        + " sat]";
  }
}
