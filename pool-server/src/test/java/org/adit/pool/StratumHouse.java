package org.adit.pool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.journal.SegmentFile;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.BanList;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.mining.BlockCandidates;
import org.adit.pool.mining.ChannelContext;
import org.adit.pool.mining.DifficultyMemory;
import org.adit.pool.mining.ExtranonceSpace;
import org.adit.pool.mining.JobLifetimes;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.mining.Requirements;
import org.adit.pool.mining.ShareBatch;
import org.adit.pool.mining.ShareGate;
import org.adit.pool.recall.SeatBook;
import org.adit.pool.stratum.AddressSet;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.stratum.SessionMemory;
import org.adit.pool.stratum.SessionSet;
import org.adit.pool.stratum.StratumLimits;
import org.adit.pool.stratum.StratumServer;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Work;

/**
 * The real Stratum server on a real port with a real share journal; templates are made by hand, the
 * clock stands still until it is moved, and the disk can be full.
 */
final class StratumHouse implements AutoCloseable {
  static final int MASK = 0x1fffe000;
  static final int BITS = 0x1d00ffff;

  /** About a thousand hashes a share. */
  static final Difficulty START = Difficulty.powerOfTwo(-22);

  static final ListenerSettings LISTENER =
      new ListenerSettings(
          "127.0.0.1",
          0,
          START,
          Difficulty.powerOfTwo(-26),
          Difficulty.of(1),
          false,
          0.2,
          false,
          true,
          Optional.empty(),
          AddressSet.parse("127.0.0.9"));

  static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  private static final int LANE = 2_048;

  final TestClock clock = new TestClock();
  final FullDisk disk = new FullDisk();
  final List<BlockCandidate> blocks = new CopyOnWriteArrayList<>();
  private final Path journal;
  private final ShareWriter writer;
  private final PoolWorkers workers;
  private final JobBook jobs;
  private final StratumServer server;
  private final int port;
  private final StratumLimits limits;
  private final PoolCounters counters = new PoolCounters();
  private final SeatBook seats;
  private final SessionMemory memory = new SessionMemory(clock);
  private final DifficultyMemory difficulties = new DifficultyMemory(clock);
  final java.util.Queue<org.adit.pool.mining.Rejection> rejections =
      new java.util.concurrent.ConcurrentLinkedQueue<>();
  private final BanList bans = new BanList(clock);
  private final int staleGraceMillis;
  private int height = 100;

  StratumHouse(Path folder) throws Exception {
    this(folder, StratumLimits.DEFAULT);
  }

  StratumHouse(Path folder, StratumLimits limits) throws Exception {
    this(folder, limits, 0);
  }

  StratumHouse(Path folder, StratumLimits limits, int staleGraceMillis) throws Exception {
    this.staleGraceMillis = staleGraceMillis;
    journal = folder.resolve("journal");
    seats = SeatBook.begin(folder.resolve("seats"), limits.connections(), List.of(), clock);
    JournalSettings settings =
        new JournalSettings(
            4_096, 256, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(20));
    writer =
        new ShareWriter(ShareJournal.open(journal, settings, disk), settings, System::nanoTime);
    AtomicInteger workerIds = new AtomicInteger(1);
    workers = new PoolWorkers(config(folder), (account, name) -> workerIds.getAndIncrement());
    byte[] script = PayoutAddress.parse(AddressNetwork.REGTEST, ADDRESS).scriptPubKey();
    JobFactory factory =
        new JobFactory(
            PoolCoinbase.custodial(script),
            "/Adit/",
            MASK,
            new AtomicLong(1)::getAndIncrement,
            new AtomicInteger(1)::getAndIncrement,
            clock,
            job -> {});
    jobs = new JobBook(factory, clock);
    jobs.accept(Templates.empty(height, Templates.hash(height), BITS));
    ExtranonceSpace extranonces = new ExtranonceSpace(0, 7, Duration.ofMinutes(20), clock);
    AtomicLong sessionIds = new AtomicLong(1);
    this.limits = limits;
    server = new StratumServer(2, limits, clock, loop -> context(loop, extranonces, sessionIds));
    port = server.listen(LISTENER).getPort();
  }

  /** What sessions of a loop of one's own need. */
  SessionContext context(java.util.concurrent.Executor loop) {
    return context(
        loop, new ExtranonceSpace(1, 7, Duration.ofMinutes(20), clock), new AtomicLong(1));
  }

  private SessionContext context(
      java.util.concurrent.Executor loop, ExtranonceSpace extranonces, AtomicLong sessionIds) {
    return new SessionContext(
        new ChannelContext(
            new ShareBatch(loop),
            new Requirements(),
            new ShareGate(writer, LANE, loop),
            new Candidates(),
            rejections::add,
            new JobLifetimes(600_000, 60_000, staleGraceMillis, 64),
            counters,
            clock,
            loop),
        workers,
        extranonces,
        jobs,
        limits,
        MASK,
        false,
        memory,
        seats,
        difficulties,
        bans,
        List.of(),
        new SessionSet(),
        sessionIds::getAndIncrement);
  }

  private static PoolConfig config(Path folder) throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "pool"
        [bitcoind]
        url = "http://127.0.0.1:1"
        cookie_file = "none"
        [[listener]]
        port = 0
        [[account]]
        name = "alice"
        address = "%s"
        [[account]]
        name = "bob"
        address = "%s"
        """
            .formatted(ADDRESS, ADDRESS));
    return ConfigLoader.load(file).config();
  }

  int port() {
    return port;
  }

  /** Opens another port of the same server. */
  java.net.InetSocketAddress listen(ListenerSettings settings) throws IOException {
    return server.listen(settings);
  }

  /** Looks for renewed certificates, as the pool does from time to time. */
  void reloadCertificates() {
    server.reloadCertificates();
  }

  V1Client connect() throws IOException {
    return new V1Client(port);
  }

  V1Rig rig(String user) throws IOException {
    return new V1Rig(port, user);
  }

  StratumServer server() {
    return server;
  }

  /** Connections that mine, as people see them. */
  java.util.Set<org.adit.pool.mining.LiveSession> live() {
    return counters.fleet().sessions();
  }

  int connections() {
    return server.connections();
  }

  /** New transactions came: the same tip, another job. */
  void newWork() {
    server.broadcast(jobs.accept(Templates.empty(height, Templates.hash(height), BITS)));
  }

  /** Id of the job sent last, a number; later ones are larger. */
  long newestJob() {
    return java.util.Objects.requireNonNull(jobs.current()).jobFor("alice").id();
  }

  /** Height of the block being mined. */
  int height() {
    return height;
  }

  /** The hash that jobs of this height extend, as {@code mining.notify} writes it. */
  String stratumHash(int ofHeight) {
    byte[] wire = Templates.hash(ofHeight).toWire();
    byte[] swapped = new byte[wire.length];
    for (int i = 0; i < wire.length; i++) {
      swapped[i] = wire[i ^ 3];
    }
    return java.util.HexFormat.of().formatHex(swapped);
  }

  /** Somebody found a block. */
  void newTip() {
    height++;
    newWork();
  }

  /** Somebody found a block, and no miner is told yet. */
  Runnable newTipUntold() {
    height++;
    Work work = jobs.accept(Templates.empty(height, Templates.hash(height), BITS));
    return () -> server.broadcast(work);
  }

  /** What is in the journal now. */
  List<ShareRecord> stored() throws IOException {
    long last = writer.lastDurableSequence();
    List<ShareRecord> shares = new ArrayList<>();
    try (JournalReader reader = new JournalReader(journal, JournalDisk.SYSTEM, () -> last)) {
      for (long at = 1; reader.seek(at); at++) {
        shares.add(reader.share());
      }
    }
    return shares;
  }

  @Override
  public void close() throws IOException {
    server.close();
    workers.close();
    writer.close();
  }

  private final class Candidates implements BlockCandidates {
    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public boolean found(BlockCandidate candidate, Runnable onDisk) {
      blocks.add(candidate);
      onDisk.run();
      return true;
    }

    @Override
    public void journaled(Hash256 hash, long sequence) {}

    @Override
    public void notJournaled(Hash256 hash) {}
  }

  /** The system's disk, which says that it is full as long as it is told to. */
  static final class FullDisk implements JournalDisk {
    private volatile boolean full;

    void full(boolean now) {
      full = now;
    }

    private void check() throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
      SYSTEM.createFolder(folder);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
      return SYSTEM.list(folder);
    }

    @Override
    public SegmentFile create(Path file) throws IOException {
      check();
      return new Limited(SYSTEM.create(file));
    }

    @Override
    public SegmentFile open(Path file, boolean writable) throws IOException {
      return new Limited(SYSTEM.open(file, writable));
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
      check();
      SYSTEM.publish(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      SYSTEM.delete(file);
    }

    private final class Limited implements SegmentFile {
      private final SegmentFile file;

      Limited(SegmentFile file) {
        this.file = file;
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
      }

      @Override
      public void write(ByteBuffer source, long position) throws IOException {
        check();
        file.write(source, position);
      }

      @Override
      public void force() throws IOException {
        check();
        file.force();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    }
  }
}
