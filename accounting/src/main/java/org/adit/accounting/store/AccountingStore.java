package org.adit.accounting.store;

import java.util.function.Function;

/**
 * The database. One writer at a time, readers beside it; each call is one transaction that is
 * committed on return and undone on any exception.
 */
public interface AccountingStore extends AutoCloseable {

  /**
   * Runs work that changes data.
   *
   * @throws StoreException when the database fails
   * @throws UnsupportedOperationException when the store was opened for reading
   */
  <T> T write(Function<StoreWriter, T> work);

  /**
   * Runs work that only reads.
   *
   * @throws StoreException when the database fails
   */
  <T> T read(Function<StoreReader, T> work);

  @Override
  void close();
}
