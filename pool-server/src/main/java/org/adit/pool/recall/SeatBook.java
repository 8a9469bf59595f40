package org.adit.pool.recall;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.adit.pool.mining.SentJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down, for each connection that mines, who it is and which jobs it was given, into a file
 * that is mapped into memory: a few stores for a job and a connection, no system call, and all of
 * it is there for the next process however this one ends.
 *
 * <p>The file grows by chunks that are written in full before they are mapped, so that a full disk
 * shows as an error here and not as a fault in the middle of a store. Seats of ended connections
 * are used again, the longest ended first.
 */
public final class SeatBook implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SeatBook.class);
  private static final int SEATS_PER_CHUNK = 512;

  private final Path file;
  private final FileChannel channel;
  private final int most;
  private final Clock clock;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final LinkedHashMap<Long, Integer> ended = new LinkedHashMap<>();
  private MemorySegment headSegment = MemorySegment.NULL;
  private int used;
  private boolean failed;

  /** The line of one connection. Used on its event loop; ends with the connection. */
  public interface Seat {
    /** For connections that are not written down. */
    Seat NONE =
        new Seat() {
          @Override
          public void sent(SentJob job) {}

          @Override
          public void left() {}
        };

    /** The connection is given a job. */
    void sent(SentJob job);

    /** The connection has ended. */
    void left();
  }

  private SeatBook(Path file, FileChannel channel, int most, Clock clock) {
    this.file = file;
    this.channel = channel;
    this.most = most;
    this.clock = clock;
  }

  /**
   * Begins a new book, with the seats of the last one that may still be claimed.
   *
   * @param file replaced at once, as a whole
   * @param most seats, at least as many as connections may be open
   * @param earlier as {@link #read} gave them
   */
  public static SeatBook begin(Path file, int most, List<PastSeat> earlier, Clock clock)
      throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    SeatBook book = new SeatBook(file, channel, most, clock);
    try {
      book.head();
      for (PastSeat seat : earlier) {
        book.enter(seat);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return book;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The seats of a book whose process has ended, by whatever cause.
   *
   * @param told each seat that was not being written to
   */
  public static void read(Path file, Consumer<PastSeat> told) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer head = ByteBuffer.allocate(SeatLayout.HEAD_BYTES);
      fill(channel, head, 0);
      if (head.remaining() < SeatLayout.HEAD_BYTES || head.getLong(0) != SeatLayout.MAGIC) {
        return;
      }
      long lastSeen = head.getLong(8);
      ByteBuffer seat = ByteBuffer.allocate(SeatLayout.BYTES);
      for (long at = SeatLayout.HEAD_BYTES; ; at += SeatLayout.BYTES) {
        fill(channel, seat.clear(), at);
        if (seat.remaining() < SeatLayout.BYTES) {
          return;
        }
        SeatLayout.read(MemorySegment.ofArray(seat.array()), lastSeen).ifPresent(told);
      }
    }
  }

  private static void fill(FileChannel channel, ByteBuffer into, long at) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        break;
      }
    }
    into.flip();
  }

  /** Says that the process lives; what stands in the book is as old as the last call. */
  public synchronized void alive() {
    headSegment.set(SeatLayout.LONG, 8, clock.millis());
  }

  private void head() throws IOException {
    write(0, SeatLayout.HEAD_BYTES);
    headSegment =
        channel.map(FileChannel.MapMode.READ_WRITE, 0, SeatLayout.HEAD_BYTES, Arena.ofAuto());
    headSegment.set(SeatLayout.LONG, 8, clock.millis());
    headSegment.set(SeatLayout.LONG, 0, SeatLayout.MAGIC);
  }

  private void write(long at, int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(bytes);
    while (zeros.hasRemaining()) {
      channel.write(zeros, at + zeros.position());
    }
  }

  /**
   * Opens a seat for a connection that begins to mine.
   *
   * @param sessionId as the miner presents it when it comes back; its seat of last time, if there
   *     is one, is taken again
   * @param prefix its extranonce prefix
   * @param account whom it mines for
   */
  public synchronized Seat open(long sessionId, int prefix, String account) {
    Integer known = ended.remove(sessionId);
    try {
      int index = known != null ? known : free();
      if (index < 0) {
        return Seat.NONE;
      }
      MemorySegment seat = at(index);
      if (!SeatLayout.begin(seat, sessionId, prefix, account, known != null)) {
        ended.put(sessionId, index);
        return Seat.NONE;
      }
      return new Line(seat, sessionId, index);
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        LOG.warn(
            "{} cannot grow, so new miners will not survive a restart: {}", file, e.toString());
      }
      return Seat.NONE;
    }
  }

  private void enter(PastSeat past) throws IOException {
    int index = free();
    if (index < 0) {
      return;
    }
    MemorySegment seat = at(index);
    if (SeatLayout.begin(seat, past.sessionId(), past.prefix(), past.account(), false)) {
      for (PastSeat.Job job : past.jobs()) {
        SeatLayout.add(seat, job);
      }
    }
    SeatLayout.end(seat, past.endedAtMillis());
    ended.put(past.sessionId(), index);
  }

  private int free() throws IOException {
    if (used < most) {
      if (used == chunks.size() * SEATS_PER_CHUNK) {
        grow();
      }
      return used++;
    }
    Map.Entry<Long, Integer> eldest = ended.pollFirstEntry();
    return eldest == null ? -1 : eldest.getValue();
  }

  private void grow() throws IOException {
    int bytes = SEATS_PER_CHUNK * SeatLayout.BYTES;
    long at = SeatLayout.HEAD_BYTES + (long) chunks.size() * bytes;
    write(at, bytes);
    chunks.add(channel.map(FileChannel.MapMode.READ_WRITE, at, bytes, Arena.ofAuto()));
  }

  private MemorySegment at(int index) {
    return chunks
        .get(index / SEATS_PER_CHUNK)
        .asSlice((long) (index % SEATS_PER_CHUNK) * SeatLayout.BYTES, SeatLayout.BYTES);
  }

  private synchronized void left(long sessionId, int index) {
    ended.put(sessionId, index);
  }

  @Override
  public synchronized void close() throws IOException {
    alive();
    channel.close();
  }

  private final class Line implements Seat {
    private final MemorySegment seat;
    private final long sessionId;
    private final int index;

    Line(MemorySegment seat, long sessionId, int index) {
      this.seat = seat;
      this.sessionId = sessionId;
      this.index = index;
    }

    @Override
    public void sent(SentJob job) {
      SeatLayout.add(seat, job);
    }

    @Override
    public void left() {
      SeatLayout.end(seat, clock.millis());
      SeatBook.this.left(sessionId, index);
    }
  }
}
