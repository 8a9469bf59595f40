package org.adit.accounting.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adit.accounting.journal.Segments.Segment;

/** Removes the oldest segments of a journal that may be growing. */
public final class JournalRetention {
  private JournalRetention() {}

  /**
   * A segment's shares.
   *
   * @param first its first sequence
   * @param last its last one
   */
  public record Range(long first, long last) {}

  /**
   * Segments all of whose shares are at or before a sequence, oldest first; never the newest one.
   *
   * @throws IOException when the folder cannot be read or a segment is damaged or missing
   */
  public static List<Range> through(JournalDisk disk, Path folder, long sequence)
      throws IOException {
    List<Range> ranges = new ArrayList<>();
    for (Segment segment : before(disk, folder, sequence)) {
      ranges.add(new Range(segment.firstSequence(), segment.lastPossible()));
    }
    return ranges;
  }

  /**
   * Deletes those segments, the oldest first, so that what is left has no gap whenever it stops.
   *
   * @return how many were deleted
   */
  public static int delete(JournalDisk disk, Path folder, long sequence) throws IOException {
    List<Segment> old = before(disk, folder, sequence);
    for (Segment segment : old) {
      disk.delete(segment.file());
    }
    return old.size();
  }

  private static List<Segment> before(JournalDisk disk, Path folder, long sequence)
      throws IOException {
    List<Segment> all = Segments.list(disk, folder);
    return all.stream()
        .limit(Math.max(0, all.size() - 1))
        .filter(segment -> segment.lastPossible() <= sequence)
        .toList();
  }
}
