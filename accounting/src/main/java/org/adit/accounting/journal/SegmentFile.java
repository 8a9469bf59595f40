package org.adit.accounting.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file of the journal, addressed by absolute position. */
public interface SegmentFile extends Closeable {

  /** Current length in bytes. */
  long size() throws IOException;

  /**
   * Reads into the buffer until it is full or the file ends.
   *
   * @return bytes read, 0 at the end of the file
   */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes everything that remains in the buffer. */
  void write(ByteBuffer source, long position) throws IOException;

  /** Returns after the file's contents are on the disk. */
  void force() throws IOException;
}
