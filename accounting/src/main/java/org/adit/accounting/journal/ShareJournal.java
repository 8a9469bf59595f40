package org.adit.accounting.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The journal's writing end: appends whole groups and forces them. Used by one thread at a time;
 * sequence numbers start at 1 and have no gaps.
 *
 * <p>A failed append leaves the journal {@linkplain #isBroken() broken}: nothing of the group
 * counts, and {@link #repair()} must succeed before the next append. Repair writes zeros over the
 * failed group, so that never half a record stands in front of a good one.
 */
public final class ShareJournal implements Closeable {
  /** Repairs rewrite from the start of the disk page that holds the first failed byte. */
  private static final int PAGE_BYTES = 4096;

  private final Path folder;
  private final JournalSettings settings;
  private final JournalDisk disk;
  private final FolderLock lock;
  private final RecordCodec codec = new RecordCodec();
  private final ByteBuffer group;

  private SegmentHeader header;
  private SegmentFile file;
  private @Nullable CompletableFuture<SegmentFile> spare;
  private volatile long lastSequence;
  private boolean broken;

  private ShareJournal(
      Path folder, JournalSettings settings, JournalDisk disk, FolderLock lock, Recovery.End end) {
    this.folder = folder;
    this.settings = settings;
    this.disk = disk;
    this.lock = lock;
    this.group = ByteBuffer.allocateDirect(settings.groupShares() * RecordCodec.RECORD_BYTES);
    this.header = end.header();
    this.file = end.file();
    this.lastSequence = end.lastSequence();
  }

  /**
   * Opens or creates the journal in the folder, cutting a torn tail off the last segment.
   *
   * @throws JournalException when a record or segment is damaged or missing before the tail
   * @throws IOException when another process has the folder open, or the disk refuses
   */
  public static ShareJournal open(Path folder, JournalSettings settings, JournalDisk disk)
      throws IOException {
    disk.createFolder(folder);
    FolderLock lock = FolderLock.acquire(folder, "journal.lock");
    boolean opened = false;
    try {
      disk.delete(Segments.spareOf(folder));
      Recovery.End end = Recovery.run(folder, settings, disk);
      ShareJournal journal = new ShareJournal(folder, settings, disk, lock, end);
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /** Sequence of the newest durable share, 0 when there is none. */
  public long lastSequence() {
    return lastSequence;
  }

  /** Whether the last append failed and {@link #repair()} has not succeeded yet. */
  public boolean isBroken() {
    return broken;
  }

  /** How many shares the next {@link #append} may take; a group never crosses two segments. */
  int room() {
    long left = header.firstSequence() + header.capacity() - 1 - lastSequence;
    return (int) Math.min(left == 0 ? settings.segmentShares() : left, settings.groupShares());
  }

  /**
   * Appends a group and forces it to disk. On return the shares have the sequences {@code
   * lastSequence() - shares.size() + 1} to {@code lastSequence()}.
   *
   * @param shares 1 to {@link #room()} shares
   * @throws IOException when they are not on disk; the journal is broken then
   */
  void append(List<ShareRecord> shares) throws IOException {
    if (broken) {
      throw new IOException("the journal in " + folder + " is broken and not yet repaired");
    }
    int count = shares.size();
    if (count < 1 || count > room()) {
      throw new IllegalArgumentException("group of " + count + " (expected: 1 to " + room() + ")");
    }
    long first = lastSequence + 1;
    group.clear();
    for (int i = 0; i < count; i++) {
      ShareRecord share = settings.evidence() ? shares.get(i) : shares.get(i).digest();
      codec.encode(group, i * RecordCodec.RECORD_BYTES, first + i, share, i);
    }
    group.limit(count * RecordCodec.RECORD_BYTES);
    broken = true;
    if (isFull()) {
      roll();
    }
    file.write(group, Segments.position(header, first));
    file.force();
    broken = false;
    lastSequence = first + count - 1;
    prepareSpare();
  }

  /**
   * Makes the journal writable again after a failed append.
   *
   * @throws IOException when the disk still refuses; try again later
   */
  void repair() throws IOException {
    if (!broken) {
      return;
    }
    if (isFull()) {
      roll();
    }
    rewriteTail();
    broken = false;
  }

  private boolean isFull() {
    return lastSequence == header.firstSequence() + header.capacity() - 1;
  }

  /**
   * After a failed force the kernel may have dropped dirty pages and marked them clean, so the page
   * shared with older records is written again as a whole before anything is trusted to it.
   */
  private void rewriteTail() throws IOException {
    long end = Segments.position(header, lastSequence + 1);
    long from = Math.max(0, (end - 1) / PAGE_BYTES * PAGE_BYTES);
    ByteBuffer page = ByteBuffer.allocate((int) (end - from));
    if (file.read(page, from) != page.capacity()) {
      throw new JournalException(pathOf() + " is shorter than it was, at offset " + from);
    }
    checkPage(page, from);
    file.write(page.flip(), from);
    long failedEnd = end + (long) settings.groupShares() * RecordCodec.RECORD_BYTES;
    Segments.zero(file, end, Math.min(failedEnd, fileEnd()));
    file.force();
  }

  private void checkPage(ByteBuffer page, long from) throws IOException {
    for (long sequence = lastSequence; sequence >= header.firstSequence(); sequence--) {
      long at = Segments.position(header, sequence) - from;
      if (at < 0) {
        return;
      }
      if (!codec.isGood(page, (int) at, sequence)) {
        throw new JournalException(
            pathOf() + " lost durable share " + sequence + " at offset " + (from + at));
      }
    }
  }

  private long fileEnd() {
    return Segments.position(header, header.firstSequence() + header.capacity());
  }

  private Path pathOf() {
    return Segments.fileOf(folder, header.firstSequence());
  }

  private void roll() throws IOException {
    SegmentHeader next = new SegmentHeader(lastSequence + 1, settings.segmentShares());
    SegmentFile fresh = takeSpare(next);
    boolean published = false;
    try {
      disk.publish(Segments.spareOf(folder), Segments.fileOf(folder, next.firstSequence()));
      published = true;
    } finally {
      if (!published) {
        fresh.close();
      }
    }
    SegmentFile full = file;
    file = fresh;
    header = next;
    full.close();
  }

  private SegmentFile takeSpare(SegmentHeader next) throws IOException {
    CompletableFuture<SegmentFile> prepared = spare;
    spare = null;
    if (prepared != null) {
      try {
        return prepared.get();
      } catch (ExecutionException e) {
        // Its reason may be gone by now (space freed): try again here and report that outcome.
        return Segments.createSpare(disk, folder, next);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the next journal segment", e);
      }
    }
    return Segments.createSpare(disk, folder, next);
  }

  /** At half of a segment the next one is written aside, so that rolling over costs a rename. */
  private void prepareSpare() {
    if (spare != null || lastSequence - header.firstSequence() < header.capacity() / 2) {
      return;
    }
    SegmentHeader next =
        new SegmentHeader(header.firstSequence() + header.capacity(), settings.segmentShares());
    CompletableFuture<SegmentFile> result = new CompletableFuture<>();
    spare = result;
    Thread.ofPlatform()
        .name("adit-journal-spare")
        .daemon()
        .start(() -> {
          try {
            result.complete(Segments.createSpare(disk, folder, next));
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      file.close();
      CompletableFuture<SegmentFile> prepared = spare;
      if (prepared != null) {
        closeSpare(prepared);
      }
    }
  }

  private void closeSpare(CompletableFuture<SegmentFile> prepared) throws IOException {
    try {
      prepared.get().close();
    } catch (ExecutionException e) {
      return; // It never came to be; nothing to close.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    disk.delete(Segments.spareOf(folder));
  }
}
