package org.adit.pool.recall;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.SentJob;
import org.adit.pool.mining.ShareRequirement;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pool knew of its miners when it ended, and the writing down of it for the next time.
 * Whatever cannot be read is left out with a line in the log: a miner then begins anew, as it would
 * without all this.
 */
public final class Recall implements Closeable {
  /** How long a miner may be away. */
  public static final Duration ABSENCE = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(Recall.class);

  private final List<Miner> miners;
  private final Map<Hash256, Tip> tips;
  private final Set<Long> jobIds;
  private final SeatBook seats;
  private final JobArchive archive;

  /**
   * A miner that may come back.
   *
   * @param sessionId the number behind its session id
   * @param prefix its extranonce prefix
   * @param account whom it mined for
   * @param endedAtMillis when it was last known to be there
   * @param jobs what it may still send shares for, the eldest first
   */
  public record Miner(
      long sessionId, int prefix, String account, long endedAtMillis, List<SentJob> jobs) {}

  private Recall(
      List<Miner> miners,
      Map<Hash256, Tip> tips,
      Set<Long> jobIds,
      SeatBook seats,
      JobArchive archive) {
    this.miners = miners;
    this.tips = tips;
    this.jobIds = jobIds;
    this.seats = seats;
    this.archive = archive;
  }

  /**
   * Reads what the last process left and begins to write.
   *
   * @param folder in the data folder, which this process has locked
   * @param fingerprint 32 bytes over the settings that coinbases depend on
   * @param mostSeats connections there may be
   * @param jobsKept how long shares of a job are taken
   * @throws IOException when the folder cannot be written
   */
  public static Recall open(
      Path folder, byte[] fingerprint, int mostSeats, Duration jobsKept, Clock clock)
      throws IOException {
    Files.createDirectories(folder);
    Path book = folder.resolve("seats");
    Path jobFolder = folder.resolve("jobs");
    List<PastSeat> past = new ArrayList<>();
    long oldest = clock.millis() - ABSENCE.toMillis();
    try {
      SeatBook.read(
          book,
          seat -> {
            if (seat.endedAtMillis() > oldest && past.size() < mostSeats) {
              past.add(seat);
            }
          });
    } catch (IOException e) {
      LOG.warn("the seats of the last run are left out: {}", e.toString());
    }
    Set<Long> wanted = new HashSet<>();
    past.forEach(seat -> seat.jobs().forEach(job -> wanted.add(job.id())));
    Map<Hash256, Tip> tips = new LinkedHashMap<>();
    Map<Long, MiningJob> jobs =
        JobArchive.read(
            jobFolder, fingerprint, wanted, hash -> tips.computeIfAbsent(hash, Tip::unlisted));
    Recall recall =
        new Recall(
            miners(past, jobs),
            tips,
            Set.copyOf(jobs.keySet()),
            SeatBook.begin(book, mostSeats, past, clock),
            new JobArchive(jobFolder, fingerprint, clock, jobsKept.plus(ABSENCE)));
    if (!past.isEmpty()) {
      LOG.info("{} miners of the last run may come back to {} jobs", past.size(), jobs.size());
    }
    return recall;
  }

  private static List<Miner> miners(List<PastSeat> past, Map<Long, MiningJob> jobs) {
    // Thousands of miners share a few difficulties.
    Map<List<Object>, ShareRequirement> requirements = new HashMap<>();
    List<Miner> miners = new ArrayList<>();
    for (PastSeat seat : past) {
      byte[] prefix = ByteBuffer.allocate(4).putInt(seat.prefix()).array();
      List<SentJob> sent = new ArrayList<>();
      for (PastSeat.Job given : seat.jobs()) {
        MiningJob job = jobs.get(given.id());
        if (job != null) {
          ShareRequirement requirement =
              requirements.computeIfAbsent(
                  List.of(given.difficulty(), job.bits()),
                  key -> ShareRequirement.of(given.difficulty(), job.networkTarget()));
          sent.add(
              new SentJob(
                  job,
                  requirement,
                  given.versionMask() & job.versionMask(),
                  given.sentAtMillis(),
                  prefix));
        }
      }
      miners.add(
          new Miner(
              seat.sessionId(),
              seat.prefix(),
              seat.account(),
              seat.endedAtMillis(),
              List.copyOf(sent)));
    }
    return List.copyOf(miners);
  }

  /** Who may come back. */
  public List<Miner> miners() {
    return miners;
  }

  /** The tips of the jobs read; none knows yet which shares were seen on it. */
  public Map<Hash256, Tip> tips() {
    return Map.copyOf(tips);
  }

  /** Whether a job of the last run can be mined on. */
  public boolean knows(long jobId) {
    return jobIds.contains(jobId);
  }

  /** The highest id among those jobs; 0 when there is none. */
  public long newestJobId() {
    return jobIds.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Where connections are written down. */
  public SeatBook seats() {
    return seats;
  }

  /** A job is about to be handed out. */
  public void created(MiningJob job) {
    archive.created(job);
  }

  @Override
  public void close() throws IOException {
    archive.close();
    seats.close();
  }
}
