package org.adit.pool.recall;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.adit.hasher.Difficulty;
import org.adit.pool.mining.SentJob;

/**
 * Where things stand in a seat of 768 bytes: a head, then a ring of jobs of 24 bytes.
 *
 * <p>A process can end between two stores. So a seat carries a version number that is odd while the
 * head is rewritten, and a job counts only once the counter behind it was raised; one job in the
 * ring is never read, because it may just be overwritten.
 */
final class SeatLayout {
  static final long MAGIC = 0x41444954_53454154L; // "ADITSEAT"
  static final int HEAD_BYTES = 4_096;
  static final int BYTES = 768;

  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final long VERSION = 0;
  private static final long PREFIX = 4;
  private static final long SESSION = 8;
  private static final long ENDED = 16;
  private static final long ODD_NUMERATOR = 24;
  private static final long ODD_DENOMINATOR = 32;
  private static final long JOBS = 40;
  private static final long ACCOUNT_BYTES = 44;
  private static final long ACCOUNT = 48;
  private static final int MAX_ACCOUNT = 160;
  private static final long RING = 216;
  private static final int JOB_BYTES = 24;
  private static final int JOBS_IN_RING = (BYTES - (int) RING) / JOB_BYTES;

  // A difficulty that is no power of two stands in the head, one for each seat.
  private static final int ODD = Integer.MIN_VALUE;
  private static final int NOT_KEPT = Integer.MIN_VALUE + 1;

  private SeatLayout() {}

  /** Begins a seat; with the jobs it had when the same miner is back. False when it cannot. */
  static boolean begin(
      MemorySegment seat, long sessionId, int prefix, String account, boolean keepJobs) {
    byte[] name = account.getBytes(StandardCharsets.UTF_8);
    if (name.length > MAX_ACCOUNT) {
      return false;
    }
    int version = seat.get(INT, VERSION);
    store(seat, VERSION, version | 1);
    if (!keepJobs
        || seat.get(LONG, SESSION) != sessionId
        || seat.get(INT, PREFIX) != prefix
        || !account.equals(account(seat))) {
      seat.set(INT, JOBS, 0);
      seat.set(LONG, ODD_NUMERATOR, 0);
    }
    seat.set(INT, PREFIX, prefix);
    seat.set(LONG, SESSION, sessionId);
    seat.set(LONG, ENDED, 0);
    seat.set(INT, ACCOUNT_BYTES, name.length);
    MemorySegment.copy(name, 0, seat, ValueLayout.JAVA_BYTE, ACCOUNT, name.length);
    store(seat, VERSION, (version | 1) + 1);
    return true;
  }

  static void end(MemorySegment seat, long nowMillis) {
    seat.set(LONG, ENDED, nowMillis);
  }

  static void add(MemorySegment seat, SentJob sent) {
    add(
        seat,
        sent.job().id(),
        sent.sentAtMillis(),
        sent.versionMask(),
        sent.requirement().difficulty());
  }

  static void add(MemorySegment seat, PastSeat.Job job) {
    add(seat, job.id(), job.sentAtMillis(), job.versionMask(), job.difficulty());
  }

  private static void add(
      MemorySegment seat, long id, long sentAtMillis, int versionMask, Difficulty difficulty) {
    int jobs = seat.get(INT, JOBS);
    long at = RING + (long) Integer.remainderUnsigned(jobs, JOBS_IN_RING) * JOB_BYTES;
    seat.set(LONG, at, id);
    seat.set(LONG, at + 8, sentAtMillis);
    seat.set(INT, at + 16, versionMask);
    seat.set(INT, at + 20, code(seat, difficulty));
    store(seat, JOBS, jobs + 1);
  }

  /** Stores after everything before it. */
  private static void store(MemorySegment seat, long offset, int value) {
    // The next process reads what this processor stored in program order; the compiler must keep
    // that order too.
    VarHandle.fullFence();
    seat.set(INT, offset, value);
    VarHandle.fullFence();
  }

  /**
   * A seat as it was left.
   *
   * @param lastSeenMillis when its process was last known to live
   */
  static Optional<PastSeat> read(MemorySegment seat, long lastSeenMillis) {
    int version = seat.get(INT, VERSION);
    int length = seat.get(INT, ACCOUNT_BYTES);
    if (version == 0 || (version & 1) != 0 || length < 1 || length > MAX_ACCOUNT) {
      return Optional.empty();
    }
    int jobs = seat.get(INT, JOBS);
    int first = Math.max(0, jobs - (JOBS_IN_RING - 1));
    List<PastSeat.Job> known = new ArrayList<>();
    for (int i = first; i < jobs; i++) {
      long at = RING + (long) (i % JOBS_IN_RING) * JOB_BYTES;
      difficulty(seat, seat.get(INT, at + 20))
          .ifPresent(difficulty ->
              known.add(
                  new PastSeat.Job(
                      seat.get(LONG, at),
                      seat.get(LONG, at + 8),
                      seat.get(INT, at + 16),
                      difficulty)));
    }
    long ended = seat.get(LONG, ENDED);
    return Optional.of(
        new PastSeat(
            seat.get(LONG, SESSION),
            seat.get(INT, PREFIX),
            account(seat),
            ended == 0 ? lastSeenMillis : ended,
            List.copyOf(known)));
  }

  private static String account(MemorySegment seat) {
    int length = Math.clamp(seat.get(INT, ACCOUNT_BYTES), 0, MAX_ACCOUNT);
    byte[] name = new byte[length];
    MemorySegment.copy(seat, ValueLayout.JAVA_BYTE, ACCOUNT, name, 0, length);
    return new String(name, StandardCharsets.UTF_8);
  }

  private static int code(MemorySegment seat, Difficulty difficulty) {
    OptionalInt exponent = exponent(difficulty);
    if (exponent.isPresent()) {
      return exponent.getAsInt();
    }
    BigInteger numerator = difficulty.numerator();
    BigInteger denominator = difficulty.denominator();
    if (numerator.bitLength() > 63 || denominator.bitLength() > 63) {
      return NOT_KEPT;
    }
    long n = numerator.longValueExact();
    long d = denominator.longValueExact();
    if (seat.get(LONG, ODD_NUMERATOR) == 0) {
      seat.set(LONG, ODD_DENOMINATOR, d);
      seat.set(LONG, ODD_NUMERATOR, n);
    }
    boolean same = seat.get(LONG, ODD_NUMERATOR) == n && seat.get(LONG, ODD_DENOMINATOR) == d;
    return same ? ODD : NOT_KEPT;
  }

  private static OptionalInt exponent(Difficulty difficulty) {
    BigInteger n = difficulty.numerator();
    BigInteger d = difficulty.denominator();
    return n.bitCount() == 1 && d.bitCount() == 1
        ? OptionalInt.of(n.getLowestSetBit() - d.getLowestSetBit())
        : OptionalInt.empty();
  }

  private static Optional<Difficulty> difficulty(MemorySegment seat, int code) {
    try {
      if (code == ODD) {
        return Optional.of(
            Difficulty.ofRatio(
                BigInteger.valueOf(seat.get(LONG, ODD_NUMERATOR)),
                BigInteger.valueOf(seat.get(LONG, ODD_DENOMINATOR))));
      }
      return code == NOT_KEPT ? Optional.empty() : Optional.of(Difficulty.powerOfTwo(code));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
