package org.adit.accounting;

import java.nio.file.Path;
import java.time.Clock;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreException;

/**
 * The operator's hand in a data folder, also while a pool runs there: accounts and payouts. Shares,
 * sums and blocks stay the pool's alone.
 */
public final class OperatorAccounting extends AccountingView implements MoneyBooks {
  private final Accounts accounts;
  private final Payouts payouts;

  private OperatorAccounting(Path dataDir, SqliteStore store, Clock clock) {
    super(dataDir, store);
    this.accounts = new Accounts(store, clock);
    LedgerGuard guard = new LedgerGuard(dataDir, store);
    guard.check();
    this.payouts = new Payouts(store, clock, guard);
  }

  /**
   * Opens a data folder a pool has used.
   *
   * @throws StoreException when no pool ever ran there, another version of the program did, or the
   *     database is an older copy
   */
  public static OperatorAccounting open(Path dataDir, Clock clock) {
    SqliteStore store = SqliteStore.openBeside(databaseOf(dataDir));
    boolean done = false;
    try {
      OperatorAccounting accounting = new OperatorAccounting(dataDir, store, clock);
      done = true;
      return accounting;
    } finally {
      if (!done) {
        store.close();
      }
    }
  }

  @Override
  public Accounts accounts() {
    return accounts;
  }

  @Override
  public Payouts payouts() {
    return payouts;
  }

  @Override
  public void close() {
    store.close();
  }
}
