package org.adit.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.LedgerHead;
import org.adit.accounting.store.StoreException;
import org.adit.accounting.store.StoreReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers beside the database how far the ledger had come, so that an older copy of the database
 * put into the folder is recognised: it lacks entries that were posted, payouts among them.
 */
final class LedgerGuard {
  private static final Logger log = LoggerFactory.getLogger(LedgerGuard.class);
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})\\s*");

  private final Path file;
  private final AccountingStore store;

  LedgerGuard(Path dataDir, AccountingStore store) {
    this.file = fileOf(dataDir);
    this.store = store;
  }

  static Path fileOf(Path dataDir) {
    return dataDir.resolve("ledger.head");
  }

  /**
   * Compares the database with what was remembered.
   *
   * @throws StoreException when the database lacks or contradicts what was posted
   */
  void check() {
    Optional<LedgerHead> remembered = remembered();
    Optional<String> problem = store.read(reader -> problem(remembered, reader));
    if (problem.isPresent()) {
      throw new StoreException(problem.get());
    }
  }

  /**
   * What the database lacks or contradicts; empty when all is well.
   *
   * @param remembered {@link #remembered} as of before the reader's state: a pool that goes on
   *     posting is ahead of any state read earlier
   */
  Optional<String> problem(Optional<LedgerHead> remembered, StoreReader reader) {
    if (remembered.isEmpty()) {
      return Optional.empty();
    }
    LedgerHead head = remembered.get();
    Optional<String> chain = reader.chainAt(head.id());
    if (chain.isPresent() && chain.get().equals(head.chainHex())) {
      return Optional.empty();
    }
    return Optional.of(
        "the database "
            + (chain.isEmpty() ? "lacks" : "contradicts")
            + " ledger entry "
            + head.id()
            + ", which was posted in this folder (see "
            + file
            + "): it is an older or foreign copy, and blocks or payouts are missing in it."
            + " Restore the whole folder from one backup (adit restore)");
  }

  /**
   * Remembers the newest entry; call after every posting. Never fails the posting. One thread at a
   * time, so that an older head never replaces a newer one.
   */
  synchronized void advance() {
    try {
      Optional<LedgerHead> head = store.read(reader -> reader.ledgerHead());
      if (head.isPresent() && !head.equals(remembered())) {
        write(head.get());
      }
    } catch (IOException | StoreException e) {
      log.warn("{} could not be written: {}", file, e.getMessage());
    }
  }

  /** How far the ledger had come when that was last written down. */
  Optional<LedgerHead> remembered() {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      Matcher matcher = FORM.matcher(text);
      if (matcher.matches()) {
        return Optional.of(new LedgerHead(Long.parseLong(matcher.group(1)), matcher.group(2)));
      }
      log.warn("{} is damaged; it is written anew with the next posting", file);
    } catch (NoSuchFileException e) {
      log.debug("no {} yet", file);
    } catch (IOException e) {
      log.warn("{} cannot be read: {}", file, e.toString());
    }
    return Optional.empty();
  }

  /** Removes what processes that were killed have left; for the owner of the folder. */
  void clean() {
    Path folder = file.toAbsolutePath().getParent();
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(Objects.requireNonNull(folder), "ledger.head.*.part")) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      log.debug("unfinished files of the ledger's head stay", e);
    }
  }

  private void write(LedgerHead head) throws IOException {
    Path part = file.resolveSibling("ledger.head." + ProcessHandle.current().pid() + ".part");
    byte[] bytes = (head.id() + " " + head.chainHex() + "\n").getBytes(StandardCharsets.US_ASCII);
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
