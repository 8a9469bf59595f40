package org.adit.accounting.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.adit.accounting.journal.Segments.Segment;

/** Copies a journal that may be growing, up to a share. */
public final class JournalCopy {
  private static final int CHUNK_BYTES = 1 << 20;

  private JournalCopy() {}

  /**
   * Copies all segments with shares up to a sequence; later records are left out, so that the copy
   * ends exactly there.
   *
   * @param target folder of the copy, made when missing
   * @param through newest share to copy, durable by now; 0 for none
   * @throws IOException when a segment cannot be read whole, or the target takes no files
   */
  public static void copy(Path source, Path target, long through) throws IOException {
    Files.createDirectories(target);
    if (!Files.isDirectory(source)) {
      return;
    }
    List<Segment> segments = Segments.list(JournalDisk.SYSTEM, source);
    for (Segment segment : segments) {
      if (segment.firstSequence() <= through) {
        copy(segment, target.resolve(segment.file().getFileName()), through);
      }
    }
  }

  private static void copy(Segment segment, Path file, long through) throws IOException {
    long size = segment.positionOf(segment.lastPossible() + 1);
    long end = Math.min(size, segment.positionOf(through + 1));
    try (FileChannel from = FileChannel.open(segment.file(), StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      for (long at = 0; at < size; ) {
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, size - at));
        if (at < end) {
          chunk.limit((int) Math.min(chunk.limit(), end - at));
          read(from, chunk, at, segment.file());
        } else {
          Arrays.fill(chunk.array(), (byte) 0);
          chunk.position(chunk.limit());
        }
        chunk.flip();
        at += chunk.limit();
        while (chunk.hasRemaining()) {
          to.write(chunk);
        }
      }
      to.force(true);
    }
  }

  private static void read(FileChannel from, ByteBuffer chunk, long at, Path file)
      throws IOException {
    long position = at;
    while (chunk.hasRemaining()) {
      int count = from.read(chunk, position);
      if (count < 0) {
        throw new JournalException(file + " ends at offset " + position);
      }
      position += count;
    }
  }
}
