package org.adit.accounting.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConnection;

/**
 * SQLite in WAL mode with every commit forced to disk. A writer pool of one serialises writers
 * inside the process; readers see the last commit.
 */
public final class SqliteStore implements AccountingStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
  private static final int READERS = 4;
  private static final int BUSY_MILLIS = 10_000;
  private static final int COPY_RETRY_MILLIS = 100;
  private static final int COPY_RETRIES = 100;
  private static final int ALL_PAGES = -1;
  private static final int POOL_WAIT_MILLIS = 30_000;

  private final @Nullable HikariDataSource writer;
  private final HikariDataSource readers;

  private SqliteStore(@Nullable HikariDataSource writer, HikariDataSource readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Opens or creates the database and brings it to this program's schema.
   *
   * @throws StoreException when the file is newer than the program, or no such database
   */
  public static SqliteStore open(Path file) {
    HikariDataSource writer = pool(file, 1, false);
    boolean opened = false;
    try {
      inTransaction(
          writer,
          SqliteDialect.BEGIN_WRITE,
          connection -> {
            Schema.migrate(connection);
            return true;
          });
      SqliteStore store = new SqliteStore(writer, pool(file, READERS, true));
      opened = true;
      return store;
    } finally {
      if (!opened) {
        writer.close();
      }
    }
  }

  /**
   * Opens an existing database for reading, beside a pool that may be running.
   *
   * @throws StoreException when there is none, or its schema is another than this program's
   */
  public static SqliteStore openForReading(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreException(
          "no accounting database at " + file + "; has a pool ever run with this data folder?");
    }
    return existing(file, null);
  }

  /**
   * Opens an existing database for reading and writing, beside a pool that may be running. The
   * database serialises the writers of all processes.
   *
   * @throws StoreException when there is none, or its schema is another than this program's
   */
  public static SqliteStore openBeside(Path file) {
    if (!Files.isRegularFile(file)) {
      return openForReading(file); // Says what is missing.
    }
    HikariDataSource writer = pool(file, 1, false);
    boolean opened = false;
    try {
      SqliteStore store = existing(file, writer);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        writer.close();
      }
    }
  }

  private static SqliteStore existing(Path file, @Nullable HikariDataSource writer) {
    HikariDataSource readers = pool(file, READERS, true);
    boolean opened = false;
    try {
      int version = inTransaction(readers, SqliteDialect.BEGIN_READ, Schema::current);
      Schema.check(version);
      if (version < Schema.version()) {
        throw new StoreException(
            "the accounting database has schema version "
                + version
                + ", this program needs "
                + Schema.version()
                + "; start the pool once to bring it forward");
      }
      SqliteStore store = new SqliteStore(writer, readers);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        readers.close();
      }
    }
  }

  /**
   * Copies a database that may be in use, as of one moment (SQLite's online backup).
   *
   * @param target a new file
   * @throws StoreException when it cannot be read or written
   */
  public static void copy(Path file, Path target) {
    if (!Files.isRegularFile(file)) {
      openForReading(file).close(); // Says what is missing.
    }
    try (Connection connection = DriverManager.getConnection(SqliteDialect.url(file))) {
      // All pages in one step: a step releases the lock, and a write in between begins it anew.
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .backup(
                  "main",
                  target.toAbsolutePath().toString(),
                  null,
                  COPY_RETRY_MILLIS,
                  COPY_RETRIES,
                  ALL_PAGES);
      if (result != 0) {
        throw new StoreException(
            "cannot copy the accounting database " + file + ": SQLite error " + result);
      }
    } catch (SQLException e) {
      throw new StoreException("cannot copy the accounting database " + file, e);
    }
  }

  private static HikariDataSource pool(Path file, int size, boolean readOnly) {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setJournalMode(JournalMode.WAL);
    sqlite.setSynchronous(SynchronousMode.FULL);
    sqlite.enforceForeignKeys(true);
    sqlite.setBusyTimeout(BUSY_MILLIS);
    HikariConfig config = new HikariConfig();
    config.setPoolName(readOnly ? "adit-ledger-readers" : "adit-ledger-writer");
    config.setJdbcUrl(SqliteDialect.url(file));
    config.setDataSourceProperties(sqlite.toProperties());
    if (readOnly) {
      config.setConnectionInitSql(SqliteDialect.READERS_ONLY_READ);
    }
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    // Without it the driver begins the next transaction with each commit, and an idle writer would
    // keep every other process out. Transactions are begun and ended by statements instead.
    config.setAutoCommit(true);
    config.setConnectionTimeout(POOL_WAIT_MILLIS);
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new StoreException("cannot open the accounting database " + file, e);
    }
  }

  /** Database work that may fail. */
  @FunctionalInterface
  interface SqlWork<T> {
    T run(Connection connection) throws SQLException;
  }

  private static <T> T inTransaction(HikariDataSource pool, String begin, SqlWork<T> work) {
    try (Connection connection = pool.getConnection();
        Statement control = connection.createStatement()) {
      control.execute(begin);
      boolean done = false;
      try {
        T result = work.run(connection);
        control.execute("COMMIT");
        done = true;
        return result;
      } finally {
        if (!done) {
          undo(pool, connection, control);
        }
      }
    } catch (SQLException e) {
      throw new StoreException("accounting database: " + e.getMessage(), e);
    }
  }

  /** After some errors, a full disk among them, SQLite has undone the transaction by itself. */
  private static void undo(HikariDataSource pool, Connection connection, Statement control) {
    try {
      control.execute("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("rolled back already, or the connection is of no use any more", e);
      pool.evictConnection(connection);
    }
  }

  @Override
  public <T> T write(Function<StoreWriter, T> work) {
    HikariDataSource pool = writer;
    if (pool == null) {
      throw new UnsupportedOperationException("this store was opened for reading");
    }
    return inTransaction(
        pool, SqliteDialect.BEGIN_WRITE, connection -> work.apply(new SqliteWriter(connection)));
  }

  @Override
  public <T> T read(Function<StoreReader, T> work) {
    return inTransaction(
        readers, SqliteDialect.BEGIN_READ, connection -> work.apply(new SqliteReader(connection)));
  }

  @Override
  public void close() {
    readers.close();
    if (writer != null) {
      writer.close();
    }
  }
}
