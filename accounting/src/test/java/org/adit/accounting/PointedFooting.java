package org.adit.accounting;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.SegmentFile;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerBook;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoreWriter;
import org.jspecify.annotations.Nullable;

/**
 * The real disk and database, with a name for every moment around a write. {@code in:X} is inside a
 * transaction before change X, {@code entry:X} before ledger entry X, {@code commit:X} before the
 * commit of a transaction whose last change was X, {@code done:X} after it; {@code write}, {@code
 * force}, {@code forced}, {@code publish}, {@code delete} and {@code deleted} are the journal's.
 */
final class PointedFooting implements Footing {
  private final Consumer<String> points;

  /**
   * Makes a footing.
   *
   * @param points told of each moment, by the thread that writes
   */
  PointedFooting(Consumer<String> points) {
    this.points = points;
  }

  @Override
  public JournalDisk disk() {
    return new Disk(JournalDisk.SYSTEM, points);
  }

  @Override
  public AccountingStore open(Path database) {
    return new Store(SqliteStore.open(database), points);
  }

  private record Disk(JournalDisk real, Consumer<String> points) implements JournalDisk {
    @Override
    public void createFolder(Path folder) throws IOException {
      real.createFolder(folder);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
      return real.list(folder);
    }

    @Override
    public SegmentFile create(Path file) throws IOException {
      return new OpenFile(real.create(file), points);
    }

    @Override
    public SegmentFile open(Path file, boolean writable) throws IOException {
      return writable ? new OpenFile(real.open(file, true), points) : real.open(file, false);
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
      points.accept("publish");
      real.publish(from, to);
      points.accept("published");
    }

    @Override
    public void delete(Path file) throws IOException {
      boolean segment = file.toString().endsWith(".shares");
      if (segment) {
        points.accept("delete");
      }
      real.delete(file);
      if (segment) {
        points.accept("deleted");
      }
    }
  }

  private record OpenFile(SegmentFile real, Consumer<String> points) implements SegmentFile {
    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return real.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      points.accept("write");
      real.write(source, position);
    }

    @Override
    public void force() throws IOException {
      points.accept("force");
      real.force();
      points.accept("forced");
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  private record Store(AccountingStore real, Consumer<String> points) implements AccountingStore {
    @Override
    public <T> T write(Function<StoreWriter, T> work) {
      String[] last = {null};
      T result =
          real.write(tx -> {
            T inside = work.apply(pointed(tx, last));
            if (last[0] != null) {
              points.accept("commit:" + last[0]);
            }
            return inside;
          });
      if (last[0] != null) {
        points.accept("done:" + last[0]);
      }
      return result;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
      return real.read(work);
    }

    @Override
    public void close() {
      real.close();
    }

    private StoreWriter pointed(StoreWriter tx, @Nullable String[] last) {
      InvocationHandler handler =
          (proxy, method, arguments) -> {
            boolean changes =
                method.getDeclaringClass() == StoreWriter.class && !method.getName().equals("book");
            if (changes) {
              points.accept("in:" + method.getName());
              last[0] = method.getName();
            }
            try {
              Object result = method.invoke(tx, arguments);
              return result instanceof LedgerBook book ? pointed(book, last) : result;
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          };
      return (StoreWriter)
          Proxy.newProxyInstance(
              StoreWriter.class.getClassLoader(), new Class<?>[] {StoreWriter.class}, handler);
    }

    private LedgerBook pointed(LedgerBook book, @Nullable String[] last) {
      return new LedgerBook() {
        @Override
        public @Nullable Entry entry(String key) {
          return book.entry(key);
        }

        @Override
        public long balance(String account) {
          return book.balance(account);
        }

        @Override
        public void append(Entry entry) {
          String[] key = entry.key().split(":", -1);
          String event = key[0].equals("pps") ? "pps" : key[2];
          points.accept("entry:" + event);
          last[0] = event;
          book.append(entry);
        }

        @Override
        public long total() {
          return book.total();
        }
      };
    }
  }
}
