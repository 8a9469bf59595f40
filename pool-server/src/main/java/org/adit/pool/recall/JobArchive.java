package org.adit.pool.recall;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the jobs that were handed out in files, a file for each template, until their shares no
 * longer earn. Written by a thread of its own, behind a bounded queue, and not forced to disk: it
 * outlives the process, and what it misses when the machine dies costs a miner shares that were
 * never acknowledged.
 */
public final class JobArchive implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(JobArchive.class);
  private static final String SUFFIX = ".jobs";
  private static final long MAGIC = 0x41444954_4a4f4253L; // "ADITJOBS"
  private static final byte TEMPLATE = 1;
  private static final byte JOB = 2;
  private static final int MAX_BLOCK_BYTES = 32 << 20;
  private static final int QUEUED = 16_384;
  private static final int FILES = 96;

  private final Path folder;
  private final byte[] fingerprint;
  private final Clock clock;
  private final Duration kept;
  private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUED);
  private final Thread writer;
  private boolean complained;

  // Touched by the writer only.
  private @Nullable BlockTemplate openTemplate;
  private @Nullable FileChannel open;
  private long files;

  private enum End {
    END
  }

  /**
   * Opens the folder and begins to write.
   *
   * @param folder made when missing
   * @param fingerprint 32 bytes that name what the coinbases depend on; files with another one are
   *     not read
   * @param clock for names and ages
   * @param kept how long a file stays after its last job
   */
  public JobArchive(Path folder, byte[] fingerprint, Clock clock, Duration kept)
      throws IOException {
    Files.createDirectories(folder);
    this.folder = folder;
    this.fingerprint = fingerprint.clone();
    this.clock = clock;
    this.kept = kept;
    this.writer = Thread.ofPlatform().name("pool-recall").daemon().start(this::write);
  }

  /**
   * Takes a job that is about to be handed out. Never waits; when the disk is far behind, drops.
   */
  public void created(MiningJob job) {
    if (!queue.offer(job) && !complained) {
      complained = true;
      LOG.warn("the disk is too slow to keep jobs for a restart; some will not survive one");
    }
  }

  /** Writes what waits and ends. */
  @Override
  public void close() {
    try {
      queue.put(End.END);
      writer.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      while (queue.take() instanceof MiningJob job) {
        try {
          write(job);
        } catch (IOException e) {
          LOG.warn("a job could not be kept for a restart: {}", e.toString());
          closeFile();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeFile();
    }
  }

  @SuppressWarnings("ReferenceEquality") // renewed work keeps its template
  private void write(MiningJob job) throws IOException {
    FileChannel file = open;
    if (file == null || job.template() != openTemplate) {
      closeFile();
      tidy();
      file = begin(job.template());
      open = file;
      openTemplate = job.template();
    }
    block(file, JOB, JobCodec.ofJob(job));
  }

  private FileChannel begin(BlockTemplate template) throws IOException {
    Path name = folder.resolve(String.format("%015d-%06d%s", clock.millis(), files++, SUFFIX));
    FileChannel file =
        FileChannel.open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      ByteBuffer head = ByteBuffer.allocate(8 + fingerprint.length);
      writeFully(file, head.putLong(MAGIC).put(fingerprint).flip());
      block(file, TEMPLATE, JobCodec.ofTemplate(template));
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static void block(FileChannel file, byte type, byte[] payload) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 + 4 + payload.length + 4);
    block.put(type).putInt(payload.length).put(payload).putInt(checksum(type, payload)).flip();
    writeFully(file, block);
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private void closeFile() {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      LOG.warn("closing a file of jobs failed: {}", e.toString());
    }
    open = null;
    openTemplate = null;
  }

  private void tidy() throws IOException {
    List<Path> known = list(folder);
    long oldest = clock.millis() - kept.toMillis();
    for (int i = 0; i < known.size(); i++) {
      Path file = known.get(i);
      if (known.size() - i > FILES || Files.getLastModifiedTime(file).toMillis() < oldest) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /**
   * Reads jobs back. A file that was cut off gives what stands before the cut; a damaged or foreign
   * one gives nothing.
   *
   * @param wanted ids of the jobs somebody may still send shares for
   * @param tips the tip of a block hash, the same object each time
   * @return by id
   */
  public static Map<Long, MiningJob> read(
      Path folder, byte[] fingerprint, Set<Long> wanted, Function<Hash256, Tip> tips)
      throws IOException {
    Map<Long, MiningJob> jobs = new HashMap<>();
    for (Path file : list(folder)) {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
        readFile(in, fingerprint, wanted, tips, jobs);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("jobs in {} are left out: {}", file.getFileName(), e.toString());
      }
    }
    return jobs;
  }

  private static void readFile(
      DataInputStream in,
      byte[] fingerprint,
      Set<Long> wanted,
      Function<Hash256, Tip> tips,
      Map<Long, MiningJob> jobs)
      throws IOException {
    byte[] stored = new byte[fingerprint.length];
    if (in.readLong() != MAGIC) {
      throw new IOException("not a file of jobs");
    }
    in.readFully(stored);
    if (!Arrays.equals(stored, fingerprint)) {
      return; // made under other settings: its coinbases may pay somebody else
    }
    Optional<byte[]> template = payload(in, TEMPLATE);
    List<byte[]> found = new ArrayList<>();
    for (Optional<byte[]> job = payload(in, JOB); job.isPresent(); job = payload(in, JOB)) {
      if (wanted.contains(JobCodec.jobId(job.get()))) {
        found.add(job.get());
      }
    }
    if (template.isEmpty() || found.isEmpty()) {
      return;
    }
    BlockTemplate parsed = JobCodec.template(template.get());
    MerkleBranch branch =
        MerkleBranch.ofTxids(parsed.transactions().stream().map(t -> t.txid()).toList());
    Tip tip = tips.apply(parsed.previousBlock());
    for (byte[] job : found) {
      MiningJob read = JobCodec.job(job, parsed, tip, branch);
      jobs.put(read.id(), read);
    }
  }

  /** The next block's payload; empty at the end, and where the writing was cut off. */
  private static Optional<byte[]> payload(DataInputStream in, byte type) throws IOException {
    try {
      int found = in.read();
      if (found < 0) {
        return Optional.empty();
      }
      int length = in.readInt();
      if (found != type || length < 0 || length > MAX_BLOCK_BYTES) {
        throw new IOException("damaged: block of type " + found + " and " + length + " bytes");
      }
      byte[] payload = in.readNBytes(length);
      if (payload.length < length) {
        return Optional.empty();
      }
      if (in.readInt() != checksum(type, payload)) {
        throw new IOException("damaged: a checksum does not match");
      }
      return Optional.of(payload);
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private static int checksum(byte type, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(type);
    crc.update(payload);
    return (int) crc.getValue();
  }
}
