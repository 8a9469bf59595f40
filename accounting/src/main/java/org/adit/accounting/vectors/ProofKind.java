package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.proof.SumTree;

/** Merkle sum trees. */
final class ProofKind {
  private ProofKind() {}

  static Map<String, ?> sumTree(Fields in) {
    List<SumNode> leaves = new ArrayList<>();
    for (Fields leaf : in.objects("leaves")) {
      leaves.add(
          SumNode.leaf(
              leaf.text("account"),
              HexFormat.of().parseHex(leaf.text("nonce")),
              leaf.integer("weight"),
              leaf.whole("sat")));
    }
    SumTree tree = new SumTree(leaves);
    int index = in.small("prove_index");
    if (index < 0 || index >= leaves.size()) {
      throw new VectorException("in.prove_index is no leaf");
    }
    List<SumTree.Step> proof = tree.prove(index);
    if (!SumTree.verify(leaves.get(index), proof, tree.root())) {
      throw new VectorException("the proof does not verify");
    }
    List<Map<String, Object>> steps = new ArrayList<>();
    for (SumTree.Step step : proof) {
      steps.add(
          Map.of(
              "side",
              step.onTheRight() ? "R" : "L",
              "hash",
              step.sibling().hashHex(),
              "weight",
              step.sibling().weight().toString(),
              "sat",
              step.sibling().amountSat()));
    }
    return Map.of(
        "leaf_hashes",
        leaves.stream().map(SumNode::hashHex).toList(),
        "root_hash",
        tree.root().hashHex(),
        "root_weight",
        tree.root().weight().toString(),
        "root_sat",
        tree.root().amountSat(),
        "proof",
        steps);
  }
}
