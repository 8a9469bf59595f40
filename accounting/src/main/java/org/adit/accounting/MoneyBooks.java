package org.adit.accounting;

import java.util.List;
import java.util.SortedMap;
import org.adit.accounting.store.BalanceRow;

/** What paying out needs of the accounting: the pool's own, or the operator's beside it. */
public interface MoneyBooks {

  /** Accounts' settings. */
  Accounts accounts();

  /** Payouts. */
  Payouts payouts();

  /** What each account is owed and was paid. */
  List<BalanceRow> balances();

  /** Balances of the ledger's accounts that are not zero, debit positive. */
  SortedMap<String, Long> ledger();

  /** Checks the ledger's invariants. */
  InvariantReport checkInvariants();
}
