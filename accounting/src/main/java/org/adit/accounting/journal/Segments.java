package org.adit.accounting.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Names, listing and creation of segment files. */
final class Segments {
  static final String SUFFIX = ".shares";
  private static final String SPARE = "next.spare";
  private static final int ZERO_CHUNK_BYTES = 1 << 20;

  /** A segment found on disk. */
  record Segment(Path file, SegmentHeader header) {
    long firstSequence() {
      return header.firstSequence();
    }

    /** Last sequence that fits. */
    long lastPossible() {
      return header.firstSequence() + header.capacity() - 1;
    }

    long positionOf(long sequence) {
      return position(header, sequence);
    }
  }

  private Segments() {}

  static long position(SegmentHeader header, long sequence) {
    return SegmentHeader.BYTES + (sequence - header.firstSequence()) * RecordCodec.RECORD_BYTES;
  }

  static Path fileOf(Path folder, long firstSequence) {
    return folder.resolve("%020d%s".formatted(firstSequence, SUFFIX));
  }

  static Path spareOf(Path folder) {
    return folder.resolve(SPARE);
  }

  /**
   * All segments in order of their first sequence.
   *
   * @throws JournalException when a header is damaged or a segment is missing between two others
   */
  static List<Segment> list(JournalDisk disk, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : disk.list(folder)) {
      if (file.toString().endsWith(SUFFIX)) {
        files.add(file);
      }
    }
    files.sort(null);
    List<Segment> segments = new ArrayList<>();
    for (Path file : files) {
      Segment next = new Segment(file, readHeader(disk, file));
      if (!file.equals(fileOf(folder, next.firstSequence()))) {
        throw new JournalException(
            file + " holds shares from sequence " + next.firstSequence() + "; it was renamed");
      }
      if (!segments.isEmpty() && segments.getLast().lastPossible() + 1 != next.firstSequence()) {
        throw new JournalException(
            "journal segment "
                + fileOf(folder, segments.getLast().lastPossible() + 1)
                + " is missing; restore it from a backup");
      }
      segments.add(next);
    }
    return segments;
  }

  private static SegmentHeader readHeader(JournalDisk disk, Path file) throws IOException {
    try (SegmentFile open = disk.open(file, false)) {
      ByteBuffer buffer = ByteBuffer.allocate(SegmentHeader.BYTES);
      open.read(buffer, 0);
      SegmentHeader header = SegmentHeader.parse(file, buffer.flip());
      long expected = SegmentHeader.BYTES + (long) header.capacity() * RecordCodec.RECORD_BYTES;
      if (open.size() != expected) {
        throw new JournalException(
            file
                + " has "
                + open.size()
                + " bytes (expected: "
                + expected
                + "); it was cut, restore it from a backup");
      }
      return header;
    }
  }

  /**
   * Writes a whole segment of zeros under the spare name and forces it. Zeros are really written:
   * only then is the space reserved, and only then does a later force write no metadata.
   */
  static SegmentFile createSpare(JournalDisk disk, Path folder, SegmentHeader header)
      throws IOException {
    Path spare = spareOf(folder);
    SegmentFile file = disk.create(spare);
    boolean done = false;
    try {
      file.write(header.encode(), 0);
      zero(
          file,
          SegmentHeader.BYTES,
          SegmentHeader.BYTES + (long) header.capacity() * RecordCodec.RECORD_BYTES);
      file.force();
      done = true;
      return file;
    } finally {
      if (!done) {
        file.close();
        // Half a spare would hold space that something else may need right now.
        disk.delete(spare);
      }
    }
  }

  /** Overwrites the range [from, to) with zeros. */
  static void zero(SegmentFile file, long from, long to) throws IOException {
    ByteBuffer zeros =
        ByteBuffer.allocateDirect((int) Math.min(ZERO_CHUNK_BYTES, Math.max(0, to - from)));
    for (long at = from; at < to; at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
      file.write(zeros, at);
    }
  }
}
