package org.adit.accounting.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the journal's tests share: small settings, seeded shares, a disk that fails on demand. */
final class JournalRig {
  static final JournalSettings SMALL =
      new JournalSettings(
          64, 16, Duration.ofMillis(5), Duration.ofMillis(1), Duration.ofMillis(20));

  private JournalRig() {}

  static ShareRecord share(SplittableRandom random) {
    byte[] header = new byte[80];
    random.nextBytes(header);
    return new ShareRecord(
        random.nextLong(),
        random.nextInt(1, Integer.MAX_VALUE),
        0x1d00ffff,
        random.nextLong(1, Long.MAX_VALUE),
        random.nextBoolean() ? ShareRecord.GRACE : 0,
        random.nextLong(),
        header);
  }

  static List<ShareRecord> shares(SplittableRandom random, int count) {
    List<ShareRecord> shares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shares.add(share(random));
    }
    return shares;
  }

  /** Appends in groups of random size. */
  static void append(ShareJournal journal, SplittableRandom random, List<ShareRecord> shares)
      throws IOException {
    for (int from = 0; from < shares.size(); ) {
      int count = Math.min(shares.size() - from, random.nextInt(1, journal.room() + 1));
      journal.append(shares.subList(from, from + count));
      from += count;
    }
  }

  static List<ShareRecord> readAll(Path folder, long last) throws IOException {
    List<ShareRecord> shares = new ArrayList<>();
    try (JournalReader reader = new JournalReader(folder, JournalDisk.SYSTEM, () -> last)) {
      for (long at = 1; reader.seek(at); at++) {
        shares.add(reader.share());
      }
    }
    return shares;
  }

  /** Counts every operation that changes the disk and fails those in a range. */
  static final class FaultyDisk implements JournalDisk {
    /** What a failing write leaves behind. */
    enum Tear {
      NOTHING,
      HALF,
      ALL
    }

    final AtomicInteger operations = new AtomicInteger();
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Tear tear;
    private volatile int failFrom = Integer.MAX_VALUE;
    private volatile int failTo = Integer.MAX_VALUE;

    FaultyDisk(Tear tear) {
      this.tear = tear;
    }

    /** Operations numbered from (inclusive) to (exclusive) fail. */
    void failBetween(int from, int to) {
      failTo = to;
      failFrom = from;
    }

    void failAll() {
      failBetween(0, Integer.MAX_VALUE);
    }

    void heal() {
      failBetween(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private boolean fails(String what) {
      int number = operations.getAndIncrement();
      boolean fails = number >= failFrom && number < failTo;
      if (fails) {
        failures.add(what);
      }
      return fails;
    }

    private void operation(String what) throws IOException {
      if (fails(what)) {
        throw new IOException("No space left on device (injected at " + what + ")");
      }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
      SYSTEM.createFolder(folder);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
      return SYSTEM.list(folder);
    }

    @Override
    public SegmentFile create(Path file) throws IOException {
      operation("create");
      return new FaultyFile(SYSTEM.create(file));
    }

    @Override
    public SegmentFile open(Path file, boolean writable) throws IOException {
      SegmentFile opened = SYSTEM.open(file, writable);
      return writable ? new FaultyFile(opened) : opened;
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
      operation("publish");
      SYSTEM.publish(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      SYSTEM.delete(file);
    }

    private final class FaultyFile implements SegmentFile {
      private final SegmentFile real;

      FaultyFile(SegmentFile real) {
        this.real = real;
      }

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
        if (!fails("write")) {
          real.write(source, position);
          return;
        }
        @Nullable ByteBuffer part =
            switch (tear) {
              case NOTHING -> null;
              case HALF -> source.slice(source.position(), source.remaining() / 2);
              case ALL -> source.slice();
            };
        if (part != null) {
          real.write(part, position);
        }
        throw new IOException("No space left on device (injected at write)");
      }

      @Override
      public void force() throws IOException {
        operation("force");
        real.force();
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    }
  }
}
