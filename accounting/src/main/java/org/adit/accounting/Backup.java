package org.adit.accounting;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adit.accounting.journal.JournalCopy;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreException;

/**
 * Consistent copies of a data folder, also of a pool that runs. A copy holds the database as of one
 * moment, the journal up to the share the database had seen then, and the block candidates that
 * were not finished before; {@code MANIFEST} lists every file with its SHA-256.
 */
public final class Backup {
  private static final String FORMAT = "adit-backup 1";
  private static final String MANIFEST = "MANIFEST";
  private static final String CANDIDATES = "candidates/pending";
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([A-Za-z0-9._/-]{1,200})");
  private static final int CHUNK_BYTES = 1 << 16;

  private Backup() {}

  /**
   * What was copied.
   *
   * @param sequence newest share in the copy
   * @param files number of files
   * @param bytes their size
   */
  public record Copied(long sequence, int files, long bytes) {}

  /**
   * Copies a data folder.
   *
   * @param target a folder that is empty or does not exist
   * @throws IOException when the target is not empty or takes no files
   * @throws StoreException when there is no database of this version
   */
  public static Copied write(Path dataDir, Path target, Clock clock) throws IOException {
    mustBeEmpty(target);
    Files.createDirectories(target);
    // First the candidates: a block that is booked meanwhile stands in both and is booked once.
    copyCandidates(dataDir.resolve(CANDIDATES), target.resolve(CANDIDATES));
    Path database = AccountingView.databaseOf(target);
    SqliteStore.copy(AccountingView.databaseOf(dataDir), database);
    long sequence;
    try (SqliteStore copy = SqliteStore.openForReading(database)) {
      long folded = copy.read(reader -> reader.foldedSequence());
      sequence = folded;
      JournalCopy.copy(
          AccountingView.journalOf(dataDir), AccountingView.journalOf(target), sequence);
      long retired = copy.read(reader -> reader.retiredThrough());
      try (JournalReader journal =
          new JournalReader(AccountingView.journalOf(target), JournalDisk.SYSTEM, () -> folded)) {
        if (journal.firstSequence() > retired + 1) {
          throw new IOException(
              "old shares were retired while they were copied; empty "
                  + target
                  + " and run it again");
        }
      }
      new LedgerGuard(target, copy).advance();
    }
    for (String side : List.of("-wal", "-shm")) {
      Files.deleteIfExists(database.resolveSibling(database.getFileName() + side));
    }
    force(database);
    SortedMap<String, Path> files = files(target);
    StringBuilder manifest = new StringBuilder();
    manifest.append(FORMAT).append('\n');
    manifest.append("made ").append(clock.instant()).append('\n');
    manifest.append("sequence ").append(sequence).append('\n');
    long bytes = 0;
    for (var file : files.entrySet()) {
      bytes += Files.size(file.getValue());
      manifest.append(sha256(file.getValue())).append("  ").append(file.getKey()).append('\n');
    }
    // Last of all: a folder without it is no backup.
    Path part = target.resolve(MANIFEST);
    Files.writeString(part, manifest, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
    force(part);
    return new Copied(sequence, files.size(), bytes);
  }

  /**
   * Copies a backup into a data folder and proves it: every file against the manifest, then the
   * books against the shares.
   *
   * @param dataDir a folder that is empty or does not exist
   * @return what the audit found
   * @throws IOException when the backup is damaged or not whole; nothing was copied then
   * @throws StoreException when the backup is newer than the program
   */
  public static ReplayReport restore(Path backup, Path dataDir) throws IOException {
    List<String> files = verified(backup);
    mustBeEmpty(dataDir);
    for (String name : files) {
      Path to = dataDir.resolve(name);
      Path parent = to.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.copy(backup.resolve(name), to);
      force(to);
    }
    Files.createDirectories(
        AccountingView.journalOf(dataDir)); // A pool without shares has no file.
    SqliteStore.open(AccountingView.databaseOf(dataDir)).close(); // Brings the schema forward.
    try (AccountingReader reader = AccountingReader.open(dataDir)) {
      ReplayReport report = reader.replay();
      for (String broken : reader.checkInvariants().broken()) {
        report = report.with(broken);
      }
      return report;
    }
  }

  private static List<String> verified(Path backup) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(backup.resolve(MANIFEST), StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      throw new IOException(
          backup + " is no backup, or one that was broken off: it has no " + MANIFEST, e);
    }
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
      throw new IOException(
          backup.resolve(MANIFEST) + " does not begin with '" + FORMAT + "'; another program's?");
    }
    List<String> names = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String name = matcher.group(2);
        if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
          throw new IOException(MANIFEST + " names a file outside of the backup");
        }
        if (!Files.isRegularFile(backup.resolve(name))
            || !sha256(backup.resolve(name)).equals(matcher.group(1))) {
          throw new IOException(
              backup.resolve(name) + " is missing or damaged; use another backup");
        }
        names.add(name);
      }
    }
    return names;
  }

  private static void mustBeEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new IOException(folder + " is not empty; name a new folder");
      }
    }
  }

  private static void copyCandidates(Path source, Path target) throws IOException {
    if (!Files.isDirectory(source)) {
      return;
    }
    Files.createDirectories(target);
    List<Path> found;
    try (Stream<Path> all = Files.list(source)) {
      found = all.filter(file -> file.toString().endsWith(".json")).toList();
    }
    for (Path file : found) {
      Path to = target.resolve(file.getFileName());
      try {
        Files.copy(file, to);
        force(to);
      } catch (NoSuchFileException e) {
        // Finished at this moment: it is in the database, which is copied afterwards.
        Files.deleteIfExists(to);
      }
    }
  }

  private static SortedMap<String, Path> files(Path folder) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(folder.relativize(file).toString().replace('\\', '/'), file));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
    return files;
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
