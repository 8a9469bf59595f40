package org.adit.accounting.ledger;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where entries and balances are kept: SQLite in production, memory for replay. */
public interface LedgerBook {

  /** The entry under that key, or null. */
  @Nullable Entry entry(String key);

  /** Balance of an account, debit positive; 0 when it was never used. */
  long balance(String account);

  /** Balances of many accounts at once, as {@link #balance} gives them. */
  default Map<String, Long> balances(Collection<String> accounts) {
    Map<String, Long> balances = new HashMap<>();
    accounts.forEach(account -> balances.put(account, balance(account)));
    return balances;
  }

  /** Appends an entry and moves the balances of its lines. */
  void append(Entry entry);

  /** Sum over all balances; anything but 0 is a broken book. */
  long total();
}
