package org.adit.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.CreditRow;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoredEntry;
import org.adit.hasher.Hash256;

/**
 * Checks the ledger's invariants (accounting reference 5.1) on the stored tables. Entries and
 * blocks never change once they are written, so each is looked at once; balances are compared with
 * the lines every time. The first check reads everything. Not thread-safe.
 *
 * <p>I4 needs the node's wallet and I9 the journal: they are checked elsewhere.
 */
final class InvariantChecker {
  private static final int MAX_BROKEN = 100;

  private final SortedMap<String, Long> sums = new TreeMap<>();
  private final List<String> lasting = new ArrayList<>();
  private long checkedEntry;
  private long checkedBlock;
  private long entries;

  /** Reads one consistent state. What was found broken once is told again at every check. */
  InvariantReport check(StoreReader reader) {
    List<String> broken = new ArrayList<>();
    reader
        .unbalancedEntries(checkedEntry)
        .forEach(
            key -> lasting.add("I1/I6: entry " + key + " does not sum to zero or exists twice"));
    if (lasting.isEmpty()) {
      reader.forEachEntryAfter(checkedEntry, stored -> entry(reader, stored));
      reader.forEachBlockAfter(checkedBlock, (block, id) -> block(reader, block, id));
    }
    broken.addAll(lasting);
    balances(reader, broken);
    return new InvariantReport(
        entries, broken.size() <= MAX_BROKEN ? broken : broken.subList(0, MAX_BROKEN));
  }

  private void entry(StoreReader reader, StoredEntry stored) {
    checkedEntry = stored.id();
    entries++;
    Entry entry = stored.entry();
    entry.lines().forEach((account, sat) -> sums.merge(account, sat, Math::addExact));
    String[] key = entry.key().split(":", -1);
    if (key.length == 3 && key[0].equals("block") && key[2].equals("matured")) {
      matured(reader, entry, Hash256.ofDisplayHex(key[1]));
    } else if (key.length == 3 && key[0].equals("payout") && key[2].equals("reserved")) {
      reserved(reader, entry, key[1]);
    }
  }

  /** I8: what became payable is what the block credited. */
  private void matured(StoreReader reader, Entry entry, Hash256 hash) {
    SortedMap<String, Long> expected = new TreeMap<>();
    boolean direct = reader.block(hash).map(BlockRow::direct).orElse(false);
    if (!direct) {
      for (CreditRow credit : reader.credits(hash)) {
        expected.merge(
            LedgerAccounts.payable(credit.worker().account()),
            credit.amounts().totalSat(),
            Math::addExact);
      }
      expected.values().removeIf(sat -> sat == 0);
      reader
          .directlyPaid(hash)
          .keySet()
          .forEach(account -> expected.remove(LedgerAccounts.payable(account)));
    }
    if (!expected.equals(payableLines(entry, -1))) {
      lasting.add("I8: entry " + entry.key() + " does not pay what the block credited");
    }
  }

  /** I8: what a payout takes is what its items say. */
  private void reserved(StoreReader reader, Entry entry, String batch) {
    SortedMap<String, Long> expected = new TreeMap<>();
    reader
        .payout(batch)
        .ifPresent(payout -> {
          for (PayoutRow.Item item : payout.items()) {
            expected.merge(
                LedgerAccounts.payable(item.account()), item.amountSat(), Math::addExact);
          }
        });
    if (!expected.equals(payableLines(entry, 1))) {
      lasting.add("I8: entry " + entry.key() + " does not take what the payout pays");
    }
  }

  private static SortedMap<String, Long> payableLines(Entry entry, int sign) {
    SortedMap<String, Long> lines = new TreeMap<>();
    for (Map.Entry<String, Long> line : entry.lines().entrySet()) {
      if (LedgerAccounts.isPayable(line.getKey())) {
        lines.put(line.getKey(), sign * line.getValue());
      }
    }
    return lines;
  }

  /** I5: credits and fee are the coinbase, each part by itself. */
  private void block(StoreReader reader, BlockRow block, long id) {
    checkedBlock = id;
    if (block.scheme() != SchemeKind.SOLO && block.window() == null) {
      return; // A scheme that pays shares when they come: its blocks credit nobody.
    }
    Amounts sum = block.poolFee();
    for (CreditRow credit : reader.credits(block.hash())) {
      sum = sum.plus(credit.amounts());
    }
    if (!sum.equals(block.reward())) {
      lasting.add(
          "I5: credits and fee of block "
              + block.hash().toDisplayHex()
              + " are "
              + sum
              + ", its reward is "
              + block.reward());
    }
  }

  /** I2, I3, I7 and I10. */
  private void balances(StoreReader reader, List<String> broken) {
    SortedMap<String, Long> balances = reader.ledgerBalances();
    long total = 0;
    long assets = 0;
    long owed = 0;
    for (Map.Entry<String, Long> balance : balances.entrySet()) {
      String account = balance.getKey();
      long sat = balance.getValue();
      total += sat;
      if (!LedgerAccounts.isPermitted(account, sat)) {
        broken.add("I3: " + account + " is " + sat);
      }
      if (LedgerAccounts.isLiability(account)) {
        owed -= sat;
      } else if (account.equals(LedgerAccounts.WALLET) || account.equals(LedgerAccounts.IMMATURE)) {
        assets += sat;
      }
    }
    if (total != 0) {
      broken.add("I2: all balances sum to " + total);
    }
    if (owed > assets) {
      broken.add(
          "I7: the pool owes "
              + owed
              + " sat and holds "
              + assets
              + "; book operator capital to cover the loss (adit capital deposit)");
    }
    sums.values().removeIf(sat -> sat == 0);
    if (lasting.isEmpty() && !sums.equals(balances)) {
      TreeMap<String, Long> left = new TreeMap<>(balances);
      sums.forEach((account, sat) -> left.merge(account, -sat, Long::sum));
      left.values().removeIf(sat -> sat == 0);
      broken.add("I10: balances differ from their lines: " + left);
    }
  }
}
