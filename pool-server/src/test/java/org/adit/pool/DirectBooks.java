package org.adit.pool;

import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.AccountingView;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import tools.jackson.databind.JsonNode;

/** Blocks that pay miners themselves: as the node has them, and as the books say they must be. */
final class DirectBooks {
  private final RpcClient node;
  private final AccountingView books;
  private final String poolAddress;
  private final Map<String, String> addressOf;

  /**
   * @param addressOf the address of each account
   */
  DirectBooks(
      RpcClient node, AccountingView books, String poolAddress, Map<String, String> addressOf) {
    this.node = node;
    this.books = books;
    this.poolAddress = poolAddress;
    this.addressOf = addressOf;
  }

  /** Satoshi per address of a block's coinbase; the commitment has none. */
  Map<String, Long> outputs(Hash256 block) throws NodeException {
    Map<String, Long> outputs = new TreeMap<>();
    for (JsonNode output : coinbase(block).required("vout")) {
      long sat = output.required("value").decimalValue().movePointRight(8).longValueExact();
      if (sat > 0) {
        outputs.merge(
            output.required("scriptPubKey").required("address").asString(), sat, Long::sum);
      }
    }
    return outputs;
  }

  /** Length of a block's coinbase as miners hash it: weight counts it three times more. */
  int coinbaseBytes(Hash256 block) throws NodeException {
    JsonNode coinbase = coinbase(block);
    return (coinbase.required("weight").asInt() - coinbase.required("size").asInt()) / 3;
  }

  private JsonNode coinbase(Hash256 block) throws NodeException {
    return node.call("getblock", block.toDisplayHex(), 2).required("tx").required(0);
  }

  /** Satoshi per account that a block is worth to it, paid or owed. */
  Map<String, Long> credits(Hash256 block) {
    Map<String, Long> credits = new TreeMap<>();
    books
        .credits(block)
        .forEach(row -> credits.merge(row.worker().account(), row.amounts().totalSat(), Long::sum));
    return credits;
  }

  /** The outputs its coinbase must have: each paid account all of its credit, the pool the rest. */
  Map<String, Long> expectedOutputs(Hash256 block) {
    Map<String, Long> expected = new TreeMap<>();
    long rest = books.block(block).orElseThrow().poolFee().totalSat();
    Map<String, Long> paid = books.directlyPaid(block);
    for (Map.Entry<String, Long> credit : credits(block).entrySet()) {
      Long sat = paid.get(credit.getKey());
      if (sat == null) {
        rest += credit.getValue();
        continue;
      }
      if (!sat.equals(credit.getValue())) {
        throw new AssertionError(credit + " is paid as " + sat);
      }
      expected.merge(addressOf.getOrDefault(credit.getKey(), "?"), sat, Long::sum);
    }
    if (rest > 0) {
      expected.merge(poolAddress, rest, Long::sum);
    }
    return expected;
  }

  /** What each account is owed of the pool's immature blocks, from their lists alone. */
  Map<String, Long> expectedPending() {
    Map<String, Long> owed = new TreeMap<>();
    for (BlockRow block : books.blocks(10_000)) {
      if (block.state() == BlockState.IMMATURE) {
        credits(block.hash()).forEach((account, sat) -> owed.merge(account, sat, Long::sum));
        books.directlyPaid(block.hash()).forEach((a, sat) -> owed.merge(a, -sat, Long::sum));
      }
    }
    owed.values().removeIf(sat -> sat == 0);
    return owed;
  }

  /** The same as the ledger has it. */
  Map<String, Long> pending() {
    Map<String, Long> pending = new TreeMap<>();
    for (BalanceRow row : books.balances()) {
      if (row.pending().totalSat() != 0) {
        pending.put(row.account(), row.pending().totalSat());
      }
    }
    return pending;
  }
}
