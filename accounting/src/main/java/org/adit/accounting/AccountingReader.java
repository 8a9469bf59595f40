package org.adit.accounting;

import java.nio.file.Path;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreException;

/**
 * Looks at a data folder without owning it, also while a pool runs. Sums may be as old as the
 * pool's fold interval.
 */
public final class AccountingReader extends AccountingView {

  private AccountingReader(Path dataDir, SqliteStore store) {
    super(dataDir, store);
  }

  /**
   * Opens a data folder for reading.
   *
   * @throws StoreException when no pool ever ran there, or another version of the program did
   */
  public static AccountingReader open(Path dataDir) {
    return new AccountingReader(dataDir, SqliteStore.openForReading(databaseOf(dataDir)));
  }

  @Override
  public void close() {
    store.close();
  }
}
