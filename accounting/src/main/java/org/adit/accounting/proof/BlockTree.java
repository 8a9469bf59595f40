package org.adit.accounting.proof;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Credit;
import org.adit.accounting.scheme.LargestRemainder;
import org.adit.accounting.scheme.Rational;
import org.jspecify.annotations.Nullable;

/**
 * The sum tree of one block: a leaf for each account, in key order. A leaf's nonce is the beginning
 * of {@code HMAC-SHA256(seed, account)}: 16 bytes nobody can guess without the block's secret seed,
 * so that an account's proof tells nothing about the others.
 */
public final class BlockTree {
  /** Length of a block's seed. */
  public static final int SEED_BYTES = 32;

  private static final int NONCE_BYTES = 16;
  private static final String HMAC = "HmacSHA256";

  /** An account's part of the block. */
  private static final class Part {
    Rational weight = Rational.ZERO;
    Amounts amounts = Amounts.ZERO;
  }

  private final List<String> accounts = new ArrayList<>();
  private final List<SumNode> leaves = new ArrayList<>();
  private final Mac mac;
  private final SumTree tree;

  /**
   * Builds the tree.
   *
   * @param seed 32 secret random bytes
   * @param credits of the block, at least one
   */
  public BlockTree(byte[] seed, WeightUnit unit, Stream<Credit> credits) {
    this.mac = mac(seed);
    SortedMap<String, Part> parts = new TreeMap<>(LargestRemainder.KEY_ORDER);
    credits.forEach(credit -> {
      Part part = parts.computeIfAbsent(credit.worker().account(), account -> new Part());
      part.weight = part.weight.plus(credit.weight());
      part.amounts = part.amounts.plus(credit.amounts());
    });
    parts.forEach((account, part) -> {
      BigInteger weight = unit.steps(part.weight);
      accounts.add(account);
      leaves.add(SumNode.leaf(account, nonce(account), weight, part.amounts.totalSat()));
    });
    this.tree = new SumTree(leaves);
  }

  private static Mac mac(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("seed has " + seed.length + " bytes (expected: 32)");
    }
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(seed, HMAC));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  private byte[] nonce(String account) {
    return Arrays.copyOf(mac.doFinal(account.getBytes(StandardCharsets.UTF_8)), NONCE_BYTES);
  }

  /** What is published. */
  public SumNode root() {
    return tree.root();
  }

  /** The account's nonce, leaf and path; null when the block paid it nothing. */
  public @Nullable Branch branch(String account) {
    int index = accounts.indexOf(account);
    return index < 0
        ? null
        : new Branch(
            java.util.HexFormat.of().formatHex(nonce(account)),
            leaves.get(index),
            tree.prove(index));
  }

  /**
   * One account's way to the root.
   *
   * @param nonceHex 16 bytes
   */
  public record Branch(String nonceHex, SumNode leaf, List<SumTree.Step> steps) {}
}
