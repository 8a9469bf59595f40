package org.adit.accounting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumTreeTest {

  private static List<SumNode> leaves(Random random, int count) {
    List<SumNode> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] nonce = new byte[16];
      random.nextBytes(nonce);
      leaves.add(
          SumNode.leaf(
              "account" + i, nonce, new BigInteger(90, random), random.nextInt(1_000_000)));
    }
    return leaves;
  }

  @Test
  void everyLeafOfEveryTreeIsProvenAndNothingElseIs() {
    Random random = new Random(5);
    for (int count = 1; count <= 33; count++) {
      List<SumNode> leaves = leaves(random, count);
      SumTree tree = new SumTree(leaves);
      assertThat(tree.root().amountSat())
          .isEqualTo(leaves.stream().mapToLong(SumNode::amountSat).sum());
      for (int i = 0; i < count; i++) {
        SumNode leaf = leaves.get(i);
        List<SumTree.Step> proof = tree.prove(i);
        assertThat(SumTree.verify(leaf, proof, tree.root())).isTrue();
        SumNode less = new SumNode(leaf.hash(), leaf.weight(), leaf.amountSat() + 1);
        assertThat(SumTree.verify(less, proof, tree.root())).isFalse();
        assertThat(SumTree.verify(leaf, proof, new SumTree(leaves(random, count)).root()))
            .isFalse();
      }
    }
  }

  /** Moving amount from one sibling to the other keeps their sum but not the parent's hash. */
  @Test
  void aHiddenUnderCountChangesTheRoot() {
    List<SumNode> leaves = leaves(new Random(6), 2);
    SumNode a = leaves.get(0);
    SumNode b = leaves.get(1);
    SumNode shiftedA = new SumNode(a.hash(), a.weight(), a.amountSat() - 1);
    SumNode shiftedB = new SumNode(b.hash(), b.weight(), b.amountSat() + 1);
    SumNode honest = SumNode.parent(a, b);
    SumNode forged = SumNode.parent(shiftedA, shiftedB);
    assertThat(forged.amountSat()).isEqualTo(honest.amountSat());
    assertThat(forged.hashHex()).isNotEqualTo(honest.hashHex());
  }
}
