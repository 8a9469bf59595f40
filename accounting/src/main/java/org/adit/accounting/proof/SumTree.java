package org.adit.accounting.proof;

import java.util.ArrayList;
import java.util.List;

/** A Merkle sum tree over the accounts of a block. An odd node is promoted, never duplicated. */
public final class SumTree {

  /**
   * One step of a proof, from a leaf towards the root.
   *
   * @param sibling the other child
   * @param onTheRight whether it is the right one
   */
  public record Step(SumNode sibling, boolean onTheRight) {}

  /** Levels from the leaves up; the last holds the root alone. */
  private final List<List<SumNode>> levels = new ArrayList<>();

  /**
   * Builds the tree.
   *
   * @param leaves at least one, in the order that is published
   */
  public SumTree(List<SumNode> leaves) {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException("a sum tree needs at least one leaf");
    }
    List<SumNode> level = List.copyOf(leaves);
    levels.add(level);
    while (level.size() > 1) {
      List<SumNode> above = new ArrayList<>((level.size() + 1) / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(SumNode.parent(level.get(i), level.get(i + 1)));
      }
      if (level.size() % 2 == 1) {
        above.add(level.getLast());
      }
      level = List.copyOf(above);
      levels.add(level);
    }
  }

  /** What is published with the block. */
  public SumNode root() {
    return levels.getLast().getFirst();
  }

  /**
   * The path from a leaf to the root.
   *
   * @throws IndexOutOfBoundsException when there is no such leaf
   */
  public List<Step> prove(int leafIndex) {
    java.util.Objects.checkIndex(leafIndex, levels.getFirst().size());
    List<Step> steps = new ArrayList<>();
    int index = leafIndex;
    for (List<SumNode> level : levels.subList(0, levels.size() - 1)) {
      int sibling = index ^ 1;
      if (sibling < level.size()) {
        steps.add(new Step(level.get(sibling), sibling > index));
      }
      index /= 2;
    }
    return steps;
  }

  /**
   * Checks a proof. Nothing but the published root and the account's own leaf is needed.
   *
   * @return whether the leaf is part of exactly that root, weight and amount included
   */
  public static boolean verify(SumNode leaf, List<Step> proof, SumNode root) {
    SumNode node = leaf;
    try {
      for (Step step : proof) {
        node =
            step.onTheRight()
                ? SumNode.parent(node, step.sibling())
                : SumNode.parent(step.sibling(), node);
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false; // The sums leave their range: no honest tree has such a path.
    }
    return node.equals(root);
  }
}
