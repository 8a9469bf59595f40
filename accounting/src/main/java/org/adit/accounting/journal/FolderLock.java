package org.adit.accounting.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second process out of a data folder. The operating system drops the lock when the process
 * dies, however it dies, so a stale file never locks anybody out.
 */
public final class FolderLock implements Closeable {
  /**
   * Files this process holds. POSIX drops a process's lock when it closes any descriptor of the
   * file, so a second attempt from within must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private FolderLock(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Locks the folder for this process.
   *
   * @param fileName name of the lock file inside the folder
   * @throws IOException when another process holds it; the message names its process id if known
   */
  public static FolderLock acquire(Path folder, String fileName) throws IOException {
    Path file = folder.toRealPath().resolve(fileName);
    if (!HELD.add(file)) {
      throw inUse(folder, "this very process");
    }
    boolean held = false;
    try {
      FolderLock lock = lock(folder, file);
      held = true;
      return lock;
    } finally {
      if (!held) {
        HELD.remove(file);
      }
    }
  }

  private static FolderLock lock(Path folder, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean held = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(folder, holder(channel));
      }
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      held = true;
      return new FolderLock(file, channel, lock);
    } finally {
      if (!held) {
        channel.close();
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    int count = Math.max(0, channel.read(bytes, 0));
    String text = new String(bytes.array(), 0, count, StandardCharsets.US_ASCII).strip();
    return text.matches("[0-9]{1,10}") ? "process " + text : "another process";
  }

  private static IOException inUse(Path folder, String holder) {
    return new IOException(
        "folder " + folder + " is in use by " + holder + "; stop it or choose another data folder");
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    } finally {
      HELD.remove(file);
    }
  }
}
