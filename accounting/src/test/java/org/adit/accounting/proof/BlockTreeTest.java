package org.adit.accounting.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Credit;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.WorkerKey;
import org.junit.jupiter.api.Test;

class BlockTreeTest {
  private static final byte[] SEED = new byte[32];

  private static List<Credit> credits() {
    return List.of(
        new Credit(new WorkerKey("bob", "x"), Rational.parse("1/3"), new Amounts(100, 1)),
        new Credit(new WorkerKey("alice", "a"), Rational.parse("1/2"), new Amounts(200, 2)),
        new Credit(new WorkerKey("alice", "b"), Rational.parse("1/6"), new Amounts(300, 3)));
  }

  private static AccountProof proof(BlockTree tree, String account) {
    BlockTree.Branch branch = Objects.requireNonNull(tree.branch(account));
    return new AccountProof(
        "00",
        7,
        account,
        branch.nonceHex(),
        branch.leaf().weight(),
        "unit",
        branch.leaf().amountSat(),
        branch.steps(),
        tree.root());
  }

  @Test
  void anAccountsWorkersAreOneLeaf() {
    BlockTree tree = new BlockTree(SEED, WeightUnit.BLOCK_2_64, credits().stream());
    assertThat(tree.root().amountSat()).isEqualTo(606);
    AccountProof alice = proof(tree, "alice");
    assertThat(alice.amountSat()).isEqualTo(505);
    // 2/3 of 2^64, rounded down.
    assertThat(alice.weight())
        .isEqualTo(BigInteger.ONE.shiftLeft(65).divide(BigInteger.valueOf(3)));
    assertThat(alice.failure()).isEmpty();
    assertThat(proof(tree, "bob").failure()).isEmpty();
    assertThat(tree.branch("carol")).isNull();
  }

  @Test
  void everySeedGivesOtherNoncesAndAnotherRoot() {
    BlockTree tree = new BlockTree(SEED, WeightUnit.HASH, credits().stream());
    byte[] other = SEED.clone();
    other[31] = 1;
    BlockTree second = new BlockTree(other, WeightUnit.HASH, credits().stream());
    assertThat(second.root()).isNotEqualTo(tree.root());
    assertThat(proof(tree, "alice").nonceHex())
        .hasSize(32)
        .isNotEqualTo(proof(second, "alice").nonceHex())
        .isNotEqualTo(proof(tree, "bob").nonceHex());
    assertThatThrownBy(() -> new BlockTree(new byte[31], WeightUnit.HASH, credits().stream()))
        .hasMessageContaining("31 bytes");
  }

  @Test
  void unitsFollowTheMeasureOfTheScheme() {
    assertThat(WeightUnit.of(SchemeKind.SOLO)).isEqualTo(WeightUnit.FINDER);
    assertThat(WeightUnit.of(SchemeKind.PPLNS_UNITS)).isEqualTo(WeightUnit.BLOCK_2_64);
    assertThat(WeightUnit.of(SchemeKind.TIDES)).isEqualTo(WeightUnit.HASH);
    assertThat(WeightUnit.HASH.steps(Rational.parse("7/2"))).isEqualTo(BigInteger.valueOf(3));
    assertThat(WeightUnit.BLOCK_2_64.steps(Rational.ONE)).isEqualTo(BigInteger.ONE.shiftLeft(64));
    assertThat(WeightUnit.BLOCK_2_64).hasToString("2^-64 block");
  }

  @Test
  void aForgedProofSaysWhatIsWrong() {
    BlockTree tree = new BlockTree(SEED, WeightUnit.HASH, credits().stream());
    AccountProof good = proof(tree, "alice");
    assertThat(with(good, "zz", good.amountSat(), good.steps()).failure().orElseThrow())
        .contains("leaf is not possible");
    assertThat(with(good, good.nonceHex(), 607, good.steps()).failure().orElseThrow())
        .contains("more than the root's");
    assertThat(with(good, good.nonceHex(), 606, good.steps()).failure().orElseThrow())
        .contains("does not lead");
    assertThat(with(good, good.nonceHex(), 505, List.of()).failure().orElseThrow())
        .contains("does not lead");
    List<SumTree.Step> steps = new ArrayList<>();
    while (steps.size() < 64) {
      steps.add(good.steps().getFirst());
    }
    assertThat(with(good, good.nonceHex(), 505, steps).failure().orElseThrow())
        .contains("does not lead");
    steps.add(good.steps().getFirst());
    assertThat(with(good, good.nonceHex(), 505, steps).failure().orElseThrow())
        .contains("65 steps");
  }

  private static AccountProof with(
      AccountProof proof, String nonce, long sat, List<SumTree.Step> steps) {
    return new AccountProof(
        proof.block(),
        proof.height(),
        proof.account(),
        nonce,
        proof.weight(),
        proof.weightUnit(),
        sat,
        steps,
        proof.root());
  }

  @Test
  void nodesOutOfRangeCannotBeMade() {
    byte[] hash = new byte[32];
    assertThatThrownBy(() -> new SumNode(new byte[31], BigInteger.ONE, 0))
        .hasMessageContaining("31 bytes");
    assertThatThrownBy(() -> new SumNode(hash, BigInteger.ONE.negate(), 0))
        .hasMessageContaining("weight -1");
    assertThatThrownBy(() -> new SumNode(hash, BigInteger.ONE.shiftLeft(127), 0))
        .hasMessageContaining("2^127");
    assertThatThrownBy(() -> new SumNode(hash, BigInteger.ONE, -1)).hasMessageContaining("amount");
    assertThatThrownBy(() -> new SumNode(hash, BigInteger.ONE, Amounts.MAX_SAT + 1))
        .hasMessageContaining("amount");
    SumNode most =
        new SumNode(hash, BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE), Amounts.MAX_SAT);
    assertThat(most.amountSat()).isEqualTo(Amounts.MAX_SAT);
    assertThat(most).isEqualTo(new SumNode(hash, most.weight(), most.amountSat()));
    assertThat(most).hasSameHashCodeAs(new SumNode(hash, BigInteger.ZERO, 0));
    assertThat(most.toString()).contains(most.hashHex()).contains("amount 2100000000000000");
    assertThat(most).isNotEqualTo(new SumNode(hash, BigInteger.ONE, Amounts.MAX_SAT));
    assertThatThrownBy(() -> SumNode.leaf("", new byte[16], BigInteger.ONE, 1))
        .hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> SumNode.leaf("a".repeat(256), new byte[16], BigInteger.ONE, 1))
        .hasMessageContaining("256 bytes");
    assertThat(SumNode.leaf("a".repeat(255), new byte[16], BigInteger.ONE, 1).amountSat()).isOne();
    assertThatThrownBy(() -> SumNode.leaf("a", new byte[15], BigInteger.ONE, 1))
        .hasMessageContaining("nonce of 15");
    assertThatThrownBy(() -> new SumTree(List.of())).hasMessageContaining("at least one leaf");
  }

  /** What a node gives out cannot change it. */
  @Test
  void hashesAreCopied() {
    byte[] hash = new byte[32];
    SumNode node = new SumNode(hash, BigInteger.ONE, 1);
    hash[0] = 1;
    node.hash()[1] = 1;
    assertThat(node.hash()).containsOnly(0);
  }

  @Test
  void pathsWhoseSumsOverflowDoNotVerify() {
    SumNode huge =
        new SumNode(
            new byte[32], BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE), Amounts.MAX_SAT);
    assertThat(SumTree.verify(huge, List.of(new SumTree.Step(huge, true)), huge)).isFalse();
  }
}
