package org.adit.accounting.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.adit.accounting.journal.Segments.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Reads shares by sequence, forwards and backwards, each checked against its checksum. One reader
 * belongs to one thread; a writer may append meanwhile.
 */
public final class JournalReader implements Closeable {
  private static final int CHUNK_RECORDS = 1024;

  private final Path folder;
  private final JournalDisk disk;
  private final LongSupplier lastSequence;
  private final RecordCodec codec = new RecordCodec();
  private final ByteBuffer chunk =
      ByteBuffer.allocateDirect(CHUNK_RECORDS * RecordCodec.RECORD_BYTES);
  private List<Segment> segments;
  private @Nullable Segment segment;
  private @Nullable SegmentFile file;

  /** Sequences [chunkFirst, chunkEnd) stand in the chunk. */
  private long chunkFirst;

  private long chunkEnd;
  private int offset;
  private long current;

  /**
   * Opens the journal in a folder for reading.
   *
   * @param lastSequence newest sequence that may be read; asked again as reading goes on
   * @throws IOException when the folder cannot be read or a segment is damaged or missing
   */
  public JournalReader(Path folder, JournalDisk disk, LongSupplier lastSequence)
      throws IOException {
    this.folder = folder;
    this.disk = disk;
    this.lastSequence = lastSequence;
    this.segments = Segments.list(disk, folder);
  }

  /** Oldest sequence kept; 1 unless old segments were retired. */
  public long firstSequence() {
    return segments.isEmpty() ? 1 : segments.getFirst().firstSequence();
  }

  /** Looks at the folder again after old segments were removed. */
  public void refresh() throws IOException {
    close();
    segments = Segments.list(disk, folder);
  }

  /** Newest sequence that may be read. */
  public long lastSequence() {
    return lastSequence.getAsLong();
  }

  /**
   * Moves to a share; the accessors speak of it then.
   *
   * @return false when the sequence is outside what the journal holds
   * @throws JournalException when the record is damaged
   */
  public boolean seek(long sequence) throws IOException {
    if (sequence < firstSequence() || sequence > lastSequence.getAsLong()) {
      return false;
    }
    if (sequence < chunkFirst || sequence >= chunkEnd) {
      load(sequence);
    }
    offset = (int) (sequence - chunkFirst) * RecordCodec.RECORD_BYTES;
    if (!codec.isGood(chunk, offset, sequence)) {
      Segment at = segmentOf(sequence);
      throw new JournalException(
          at.file()
              + " is damaged at offset "
              + at.positionOf(sequence)
              + " (share "
              + sequence
              + "); restore the file from a backup");
    }
    current = sequence;
    return true;
  }

  /** Loads the chunk around a sequence, ahead of or behind it by the direction of travel. */
  private void load(long sequence) throws IOException {
    Segment at = segmentOf(sequence);
    if (!at.equals(segment)) {
      close();
      file = disk.open(at.file(), false);
      segment = at;
    }
    boolean backwards = sequence == chunkFirst - 1;
    long first = backwards ? Math.max(at.firstSequence(), sequence - CHUNK_RECORDS + 1) : sequence;
    long last =
        backwards
            ? sequence
            : Math.min(
                Math.min(at.lastPossible(), lastSequence.getAsLong()),
                sequence + CHUNK_RECORDS - 1);
    chunk.clear().limit((int) (last - first + 1) * RecordCodec.RECORD_BYTES);
    SegmentFile open = file;
    if (open == null || open.read(chunk, at.positionOf(first)) < chunk.limit()) {
      throw new JournalException(at.file() + " ends before offset " + at.positionOf(last + 1));
    }
    chunkFirst = first;
    chunkEnd = last + 1;
  }

  private Segment segmentOf(long sequence) throws IOException {
    Segment known = segment;
    if (known != null && sequence >= known.firstSequence() && sequence <= known.lastPossible()) {
      return known;
    }
    if (segments.isEmpty() || sequence > segments.getLast().lastPossible()) {
      segments = Segments.list(disk, folder);
    }
    int low = 0;
    int high = segments.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Segment candidate = segments.get(middle);
      if (sequence < candidate.firstSequence()) {
        high = middle - 1;
      } else if (sequence > candidate.lastPossible()) {
        low = middle + 1;
      } else {
        return candidate;
      }
    }
    throw new JournalException("no journal segment in " + folder + " holds share " + sequence);
  }

  /** Sequence of the current share. */
  public long sequence() {
    return current;
  }

  /** Acceptance time of the current share, milliseconds since the epoch. */
  public long timeMillis() {
    return RecordCodec.timeMillis(chunk, offset);
  }

  /** Worker of the current share. */
  public int workerId() {
    return RecordCodec.workerId(chunk, offset);
  }

  /** Compact network target of the current share's job. */
  public int netBits() {
    return RecordCodec.netBits(chunk, offset);
  }

  /** Work of the current share. */
  public long work() {
    return RecordCodec.work(chunk, offset);
  }

  /** Flags of the current share, see {@link ShareRecord}. */
  public int flags() {
    return RecordCodec.flags(chunk, offset);
  }

  /** A copy of the current share. */
  public ShareRecord share() {
    return RecordCodec.decode(chunk, offset);
  }

  @Override
  public void close() throws IOException {
    SegmentFile open = file;
    file = null;
    segment = null;
    chunkFirst = 0;
    chunkEnd = 0;
    if (open != null) {
      open.close();
    }
  }
}
