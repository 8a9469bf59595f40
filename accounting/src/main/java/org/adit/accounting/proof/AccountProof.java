package org.adit.accounting.proof;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.adit.accounting.scheme.Amounts;

/**
 * That an account was counted in a block, checkable by anybody who has the published root: own
 * leaf, path to the root, sums.
 *
 * @param block hash of the block, as people write it
 * @param height of the block
 * @param account whose proof it is
 * @param nonceHex 16 bytes in hexadecimal, known to the account only
 * @param weight the account's part of the window
 * @param weightUnit what one step of weights is
 * @param amountSat what the account was credited
 * @param steps from the leaf towards the root
 * @param root as published with the block; its amount is what the block paid to all accounts
 */
public record AccountProof(
    String block,
    int height,
    String account,
    String nonceHex,
    BigInteger weight,
    String weightUnit,
    long amountSat,
    List<SumTree.Step> steps,
    SumNode root) {
  /** A tree of more accounts than there are people has fewer levels. */
  private static final int MAX_STEPS = 64;

  public AccountProof {
    steps = List.copyOf(steps);
  }

  /** What is wrong with the proof, or empty when it holds. */
  public Optional<String> failure() {
    if (steps.size() > MAX_STEPS) {
      return Optional.of("the path has " + steps.size() + " steps (expected: at most 64)");
    }
    SumNode leaf;
    try {
      leaf = SumNode.leaf(account, HexFormat.of().parseHex(nonceHex), weight, amountSat);
    } catch (IllegalArgumentException e) {
      return Optional.of("the leaf is not possible: " + e.getMessage());
    }
    if (root.amountSat() > Amounts.MAX_SAT || amountSat > root.amountSat()) {
      return Optional.of("the account's amount is more than the root's");
    }
    return SumTree.verify(leaf, steps, root)
        ? Optional.empty()
        : Optional.of("the path does not lead from this account's leaf to the root");
  }
}
