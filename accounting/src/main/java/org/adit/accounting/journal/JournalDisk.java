package org.adit.accounting.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The few file operations the journal needs; a test replaces it to inject faults. */
public interface JournalDisk {

  /** The real file system. */
  JournalDisk SYSTEM = new SystemDisk();

  /** Creates the folder and its parents when they are missing. */
  void createFolder(Path folder) throws IOException;

  /** Paths of the regular files in the folder, in no particular order. */
  List<Path> list(Path folder) throws IOException;

  /** Opens a new, empty file for reading and writing, replacing what stood there. */
  SegmentFile create(Path file) throws IOException;

  /** Opens an existing file. */
  SegmentFile open(Path file, boolean writable) throws IOException;

  /** Renames atomically and forces the folder, so that the new name survives a power cut. */
  void publish(Path from, Path to) throws IOException;

  /** Deletes the file if it exists. */
  void delete(Path file) throws IOException;
}
