package org.adit.pool.cli;

import java.util.List;
import java.util.regex.Pattern;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.BlockRow;
import org.adit.hasher.Hash256;

/** Finds the block a person means by its hash or height. */
final class BlockChoice {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern HEIGHT = Pattern.compile("[0-9]{1,9}");

  private BlockChoice() {}

  /** The pool's block; two at one height must be told apart by hash. */
  static BlockRow find(AccountingReader reader, String text) throws CommandFailure {
    if (HASH.matcher(text).matches()) {
      return reader
          .block(Hash256.ofDisplayHex(text))
          .orElseThrow(() -> new CommandFailure(1, "this pool found no block " + text));
    }
    if (!HEIGHT.matcher(text).matches()) {
      throw new CommandFailure(
          2, "'" + Table.printable(text) + "' is no block (expected: 64 hex digits, or a height)");
    }
    int height = Integer.parseInt(text);
    List<BlockRow> blocks =
        reader.blocks(Integer.MAX_VALUE).stream()
            .filter(block -> block.height() == height)
            .toList();
    if (blocks.size() > 1) {
      throw new CommandFailure(
          1,
          "this pool found "
              + blocks.size()
              + " blocks at height "
              + height
              + "; name one by its hash: "
              + String.join(", ", blocks.stream().map(b -> b.hash().toDisplayHex()).toList()));
    }
    if (blocks.isEmpty()) {
      throw new CommandFailure(1, "this pool found no block at height " + height);
    }
    return blocks.getFirst();
  }
}
