package org.adit.accounting.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.adit.accounting.journal.Segments.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where the journal ends. Only the last segment can be torn: a segment is opened after every
 * group of the one before was forced.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final int CHUNK_RECORDS = 4096;

  /** The open last segment and the newest good share. */
  record End(SegmentHeader header, SegmentFile file, long lastSequence) {}

  private Recovery() {}

  static End run(Path folder, JournalSettings settings, JournalDisk disk) throws IOException {
    List<Segment> segments = Segments.list(disk, folder);
    if (segments.isEmpty()) {
      SegmentHeader header = new SegmentHeader(1, settings.segmentShares());
      SegmentFile file = Segments.createSpare(disk, folder, header);
      disk.publish(Segments.spareOf(folder), Segments.fileOf(folder, 1));
      return new End(header, file, 0);
    }
    Segment last = segments.getLast();
    SegmentFile file = disk.open(last.file(), true);
    boolean done = false;
    try {
      long lastSequence = cutTail(last, file);
      if (lastSequence == last.firstSequence() - 1 && segments.size() > 1) {
        checkFull(segments.get(segments.size() - 2), disk);
      }
      done = true;
      return new End(last.header(), file, lastSequence);
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  /** The new segment is empty, so the one before must end with a good record. */
  private static void checkFull(Segment segment, JournalDisk disk) throws IOException {
    try (SegmentFile file = disk.open(segment.file(), false)) {
      ByteBuffer record = ByteBuffer.allocate(RecordCodec.RECORD_BYTES);
      long position = segment.positionOf(segment.lastPossible());
      file.read(record, position);
      if (record.hasRemaining() || !new RecordCodec().isGood(record, 0, segment.lastPossible())) {
        throw damaged(segment, segment.lastPossible());
      }
    }
  }

  private static long cutTail(Segment segment, SegmentFile file) throws IOException {
    RecordCodec codec = new RecordCodec();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_RECORDS * RecordCodec.RECORD_BYTES);
    long firstBad = 0;
    boolean dirty = false;
    for (long base = segment.firstSequence(); base <= segment.lastPossible(); ) {
      chunk.clear();
      int records = file.read(chunk, segment.positionOf(base)) / RecordCodec.RECORD_BYTES;
      if (records == 0) {
        break;
      }
      for (int i = 0; i < records; i++) {
        long sequence = base + i;
        int offset = i * RecordCodec.RECORD_BYTES;
        boolean good = codec.isGood(chunk, offset, sequence);
        if (!good && firstBad == 0) {
          firstBad = sequence;
        }
        if (firstBad == 0) {
          continue;
        }
        if (good && sequence - RecordCodec.groupIndex(chunk, offset) > firstBad) {
          throw damaged(segment, firstBad);
        }
        dirty |= good || !isZero(chunk, offset);
      }
      base += records;
    }
    if (firstBad == 0) {
      return segment.lastPossible();
    }
    if (dirty) {
      log.warn(
          "{}: the last group was not completely written before the stop; cutting at share {}",
          segment.file(),
          firstBad);
      Segments.zero(
          file, segment.positionOf(firstBad), segment.positionOf(segment.lastPossible() + 1));
      file.force();
    }
    return firstBad - 1;
  }

  private static boolean isZero(ByteBuffer chunk, int offset) {
    for (int at = offset; at < offset + RecordCodec.RECORD_BYTES; at += Long.BYTES) {
      if (chunk.getLong(at) != 0) {
        return false;
      }
    }
    return true;
  }

  private static JournalException damaged(Segment segment, long sequence) {
    return new JournalException(
        segment.file()
            + " is damaged at offset "
            + segment.positionOf(sequence)
            + " (share "
            + sequence
            + ") although later shares are good; restore the file from a backup");
  }
}
