package org.adit.hasher;

import java.util.ArrayList;
import java.util.List;

/**
 * What a miner needs to compute the merkle root from a coinbase it has changed: the sibling of the
 * leftmost node on each level of the transaction tree, from the leaves up. Immutable. Source:
 * Stratum V1 {@code mining.notify}, parameter 4.
 */
public final class MerkleBranch {
  /**
   * Most levels a tree can have here. ESP-Miner refuses longer branches (Stratum V1 specification
   * 3.1), and no block holds 2^32 transactions.
   */
  public static final int MAX_LEVELS = 32;

  private final List<Hash256> entries;

  private MerkleBranch(List<Hash256> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Takes a branch as it is, from the leaves up.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_LEVELS} levels
   */
  public static MerkleBranch of(List<Hash256> entries) {
    if (entries.size() > MAX_LEVELS) {
      throw new IllegalArgumentException(
          "merkle branch: " + entries.size() + " levels (expected: at most " + MAX_LEVELS + ")");
    }
    return new MerkleBranch(entries);
  }

  /**
   * Builds the branch of the coinbase's place.
   *
   * @param txidsWithoutCoinbase ids of the other transactions in block order; may be empty
   */
  public static MerkleBranch ofTxids(List<Hash256> txidsWithoutCoinbase) {
    List<Hash256> branch = new ArrayList<>();
    // "level" is a level of the tree without its leftmost node, which stays unknown.
    List<Hash256> level = txidsWithoutCoinbase;
    while (!level.isEmpty()) {
      branch.add(level.get(0));
      List<Hash256> above = new ArrayList<>(level.size() / 2 + 1);
      for (int i = 1; i < level.size(); i += 2) {
        // Consensus doubles the last node of a level with an odd number of nodes.
        Hash256 right = level.get(Math.min(i + 1, level.size() - 1));
        above.add(Sha256d.hashPair(level.get(i), right));
      }
      level = above;
    }
    return of(branch);
  }

  /** The siblings from the leaves up; empty for a block of the coinbase alone. Unmodifiable. */
  public List<Hash256> entries() {
    return entries;
  }

  /** The merkle root of the tree with this coinbase. */
  public Hash256 root(Hash256 coinbaseTxid) {
    Hash256 node = coinbaseTxid;
    for (Hash256 sibling : entries) {
      node = Sha256d.hashPair(node, sibling);
    }
    return node;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MerkleBranch that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return "MerkleBranch" + entries;
  }
}
