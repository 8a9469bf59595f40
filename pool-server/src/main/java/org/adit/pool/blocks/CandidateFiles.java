package org.adit.pool.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.work.FrozenList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One file for each block candidate, forced to disk before anything else is done with it. The files
 * are JSON: an operator can take the {@code block} out and submit it by hand.
 *
 * <p>Folders: {@code pending} until node and ledger are done with it, then {@code settled} or
 * {@code rejected}, where the newest {@value #KEPT} are kept.
 */
public final class CandidateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateFiles.class);
  private static final String FORMAT = "adit-block-candidate/1";
  private static final String SUFFIX = ".json";
  private static final String UNFINISHED = ".part";
  private static final int KEPT = 1_000;

  private final ObjectMapper json = JsonMapper.builder().build();
  private final Path pending;
  private final Path settled;
  private final Path rejected;

  /**
   * Opens or makes the folders.
   *
   * @param folder of the candidates, inside the data folder
   */
  public CandidateFiles(Path folder) throws IOException {
    this.pending = Files.createDirectories(folder.resolve("pending"));
    this.settled = Files.createDirectories(folder.resolve("settled"));
    this.rejected = Files.createDirectories(folder.resolve("rejected"));
  }

  /** The candidates' folder of a pool's data folder. */
  public static Path in(Path data) {
    return data.resolve("candidates");
  }

  /** Writes a candidate; when this returns it survives a power cut. */
  public void write(StoredCandidate stored) throws IOException {
    BlockCandidate candidate = stored.candidate();
    Path file = pending.resolve(name(candidate.hash()));
    Path part = pending.resolve(name(candidate.hash()) + UNFINISHED);
    byte[] bytes = json.writeValueAsBytes(toJson(stored));
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
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(pending);
  }

  /** Node and ledger are done with it. */
  public void settle(Hash256 hash) throws IOException {
    move(hash, settled);
  }

  /** The node refused it for good. */
  public void reject(Hash256 hash) throws IOException {
    move(hash, rejected);
  }

  /** Candidates of an earlier run that are not done yet, oldest height first. */
  public List<StoredCandidate> pending() throws IOException {
    finishUnfinished();
    List<StoredCandidate> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(pending, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          found.add(fromJson(json.readTree(Files.readAllBytes(file))));
        } catch (JacksonException | IllegalArgumentException e) {
          LOG.error("block candidate {} cannot be read; look at it by hand", file, e);
        }
      }
    }
    found.sort(Comparator.comparingInt(stored -> stored.candidate().height()));
    return found;
  }

  /**
   * A run that died while it wrote leaves files with another ending. One that is whole is a block
   * like any other, and nobody has submitted it yet; a torn one is of no use to anybody.
   */
  private void finishUnfinished() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(pending, "*" + UNFINISHED)) {
      for (Path part : parts) {
        try {
          StoredCandidate whole = fromJson(json.readTree(Files.readAllBytes(part)));
          Files.move(
              part,
              pending.resolve(name(whole.candidate().hash())),
              StandardCopyOption.REPLACE_EXISTING);
        } catch (JacksonException | IllegalArgumentException e) {
          LOG.debug("{} was not written to its end; deleting it", part, e);
          Files.delete(part);
        }
      }
    }
    forceFolder(pending);
  }

  private void move(Hash256 hash, Path folder) throws IOException {
    try {
      Files.move(
          pending.resolve(name(hash)),
          folder.resolve(name(hash)),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      LOG.debug("candidate {} was never on disk", hash.toDisplayHex());
    }
    prune(folder);
  }

  private static void prune(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      all.forEach(files::add);
    }
    if (files.size() > KEPT) {
      files.sort(Comparator.comparingLong(file -> file.toFile().lastModified()));
      for (Path old : files.subList(0, files.size() - KEPT)) {
        Files.deleteIfExists(old);
      }
    }
  }

  private static String name(Hash256 hash) {
    return hash.toDisplayHex() + SUFFIX;
  }

  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private ObjectNode toJson(StoredCandidate stored) {
    BlockCandidate c = stored.candidate();
    HexFormat hex = HexFormat.of();
    ObjectNode node = json.createObjectNode();
    node.put("format", FORMAT);
    node.put("hash", c.hash().toDisplayHex());
    node.put("height", c.height());
    node.put("net_bits", CompactBits.format(c.netBits()));
    node.put("subsidy_sat", c.subsidySat());
    node.put("fees_sat", c.feesSat());
    node.put("transactions", c.transactions());
    node.put("scheme", stored.scheme().name());
    node.put("account", c.account());
    node.put("worker", c.worker());
    ObjectNode share = node.putObject("share");
    share.put("time_millis", c.share().timeMillis());
    share.put("worker_id", c.share().workerId());
    share.put("work", c.share().work());
    share.put("flags", c.share().flags());
    share.put("job_id", Long.toHexString(c.share().jobId()));
    share.put("header", hex.formatHex(c.share().header80()));
    FrozenList frozen = c.frozen();
    if (frozen != null) {
      ObjectNode list = node.putObject("paid_by_coinbase");
      list.put("end_sequence", frozen.endSequence());
      ObjectNode sat = list.putObject("sat");
      frozen.paidSat().forEach(sat::put);
    }
    node.put("block", hex.formatHex(c.block()));
    return node;
  }

  private static StoredCandidate fromJson(JsonNode node) {
    if (!FORMAT.equals(node.path("format").asString(""))) {
      throw new IllegalArgumentException("format is not " + FORMAT);
    }
    HexFormat hex = HexFormat.of();
    JsonNode share = node.required("share");
    int netBits = CompactBits.parse(node.required("net_bits").asString());
    ShareRecord entry =
        new ShareRecord(
            share.required("time_millis").asLong(),
            share.required("worker_id").asInt(),
            netBits,
            share.required("work").asLong(),
            share.required("flags").asInt(),
            Long.parseUnsignedLong(share.required("job_id").asString(), 16),
            hex.parseHex(share.required("header").asString()));
    BlockCandidate candidate =
        new BlockCandidate(
            Hash256.ofDisplayHex(node.required("hash").asString()),
            node.required("height").asInt(),
            hex.parseHex(node.required("block").asString()),
            netBits,
            node.required("subsidy_sat").asLong(),
            node.required("fees_sat").asLong(),
            node.required("transactions").asInt(),
            node.required("account").asString(),
            node.required("worker").asString(),
            entry,
            frozen(node.path("paid_by_coinbase")));
    return new StoredCandidate(candidate, SchemeKind.valueOf(node.required("scheme").asString()));
  }

  private static @Nullable FrozenList frozen(JsonNode list) {
    if (list.isMissingNode()) {
      return null;
    }
    SortedMap<String, Long> paid = new TreeMap<>();
    list.required("sat").forEachEntry((account, sat) -> paid.put(account, sat.asLong()));
    return new FrozenList(list.required("end_sequence").asLong(), paid);
  }
}
