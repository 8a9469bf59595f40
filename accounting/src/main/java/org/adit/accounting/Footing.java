package org.adit.accounting;

import java.nio.file.Path;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.SqliteStore;

/**
 * What the accounting stands on: the journal's disk and the database. A test puts faults between.
 */
interface Footing {
  /** The real ones. */
  Footing REAL =
      new Footing() {
        @Override
        public JournalDisk disk() {
          return JournalDisk.SYSTEM;
        }

        @Override
        public AccountingStore open(Path database) {
          return SqliteStore.open(database);
        }
      };

  JournalDisk disk();

  /** Opens or creates the database. */
  AccountingStore open(Path database);
}
