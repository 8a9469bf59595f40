package org.adit.accounting.bucket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowShare;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.StoreException;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/**
 * Windows straight from the journal for one block after the other. Each asked window is made of the
 * one before: shares that came since are added, those that fell out are taken off, so that all
 * blocks of a journal cost two walks over it and not a window each. Gives exactly what {@link
 * JournalWindow} gives, in any order of blocks. Not thread-safe.
 */
public final class SlidingWindow implements WindowSource {
  private static final int MOST_AT_ONCE = 8_192;

  /** Where an edge is looked for, runs begin small: it is mostly near. */
  private final int firstRun;

  /** Most shares moved in or out at once. */
  private final int longestRun;

  private final JournalReader journal;
  private final NetworkWork networkWork;
  private final Map<Measure, Slide> slides = new EnumMap<>(Measure.class);
  private long sharesRead;

  public SlidingWindow(JournalReader journal, NetworkWork networkWork) {
    this(journal, networkWork, MOST_AT_ONCE);
  }

  SlidingWindow(JournalReader journal, NetworkWork networkWork, int longestRun) {
    this.longestRun = longestRun;
    this.firstRun = Math.max(1, longestRun / 32);
    this.journal = journal;
    this.networkWork = networkWork;
  }

  @Override
  public Window window(StoreReader reader, WindowSpec spec) {
    Slide slide = slides.computeIfAbsent(spec.measure(), Slide::new);
    try {
      return slide.window(reader.workerKeys(), spec);
    } catch (IOException e) {
      slides.remove(spec.measure());
      throw new UncheckedIOException(e);
    }
  }

  /** Sums over whole shares at one network target. */
  private static final class Sums {
    final WorkSums workers = new WorkSums();
    BigInteger total = BigInteger.ZERO;
  }

  /** A contiguous run of shares with work at one network target, oldest first or newest first. */
  private final class Run {
    final int[] ids = new int[longestRun];
    final long[] works = new long[longestRun];
    final long[] sequences = new long[longestRun];
    int count;
    int netBits;
    BigInteger total = BigInteger.ZERO;

    /**
     * Reads from one sequence to another.
     *
     * @param step 1 upwards, -1 downwards
     * @return the first one not read
     */
    long read(long from, long to, int step, boolean caps, int most) throws IOException {
      count = 0;
      total = BigInteger.ZERO;
      long cap = 0;
      long at = from;
      for (; step > 0 ? at <= to : at >= to; at += step) {
        seek(at);
        if (journal.work() > 0) {
          if (count == 0) {
            netBits = journal.netBits();
            cap = caps ? cap(netBits) : Long.MAX_VALUE;
          } else if (journal.netBits() != netBits || count == most) {
            break;
          }
          ids[count] = journal.workerId();
          sequences[count] = at;
          works[count++] = Math.min(journal.work(), cap);
        }
      }
      total = sum(count);
      return at;
    }

    private BigInteger sum(int shares) {
      long high = 0;
      long low = 0;
      for (int i = 0; i < shares; i++) {
        high += works[i] >>> Integer.SIZE;
        low += works[i] & 0xffff_ffffL;
      }
      return BigInteger.valueOf(high).shiftLeft(Integer.SIZE).add(BigInteger.valueOf(low));
    }

    /** The longest beginning whose work is at most that. */
    int fitting(BigInteger most) {
      BigInteger sum = BigInteger.ZERO;
      for (int i = 0; i < count; i++) {
        sum = sum.add(BigInteger.valueOf(works[i]));
        if (sum.compareTo(most) > 0) {
          return i;
        }
      }
      return count;
    }
  }

  private long cap(int netBits) {
    BigInteger most = networkWork.of(netBits);
    return most.bitLength() < Long.SIZE ? most.longValue() : Long.MAX_VALUE;
  }

  /** How often a share was read, for tests: what this class is for. */
  long sharesRead() {
    return sharesRead;
  }

  private void seek(long sequence) throws IOException {
    sharesRead++;
    if (!journal.seek(sequence)) {
      throw new StoreException(
          "share "
              + sequence
              + " is not in the journal, which goes from "
              + journal.firstSequence()
              + " to "
              + journal.lastSequence());
    }
  }

  /** Whole shares from {@code start} to {@code end}, moved about. */
  private final class Slide {
    private final Measure measure;
    private final boolean caps;
    private final Map<Integer, Sums> sums = new HashMap<>();
    private final Run run = new Run();
    private long start = 1;
    private long end;

    Slide(Measure measure) {
      this.measure = measure;
      this.caps = measure == Measure.UNITS;
    }

    Window window(Map<Integer, WorkerKey> workers, WindowSpec spec) throws IOException {
      long lowest = Math.max(spec.firstSequence(), journal.firstSequence());
      WindowWalk walk = spec.walk();
      if (spec.endSequence() < lowest) {
        return walk.finish();
      }
      moveEnd(spec.endSequence());
      moveStart(lowest, spec.size());
      sums.forEach((netBits, one) -> {
        if (one.total.signum() > 0) {
          Map<WorkerKey, BigInteger> runs = new HashMap<>();
          one.workers.forEachWorker(id ->
              runs.merge(
                  JournalWindow.keyOf(workers, id, end), one.workers.work(id), BigInteger::add));
          walk.addRuns(runs, networkWork.of(netBits));
        }
      });
      edge(walk, workers, lowest);
      return walk.finish();
    }

    private void edge(WindowWalk walk, Map<Integer, WorkerKey> workers, long lowest)
        throws IOException {
      for (long at = start; at <= end; at++) {
        seek(at);
        if (journal.work() > 0) {
          walk.edgeAt(current(workers));
          break;
        }
      }
      for (long at = start - 1; at >= lowest && !walk.isFull(); at--) {
        seek(at);
        if (journal.work() > 0) {
          walk.add(current(workers));
        }
      }
    }

    private WindowShare current(Map<Integer, WorkerKey> workers) {
      return new WindowShare(
          journal.sequence(),
          JournalWindow.keyOf(workers, journal.workerId(), journal.sequence()),
          BigInteger.valueOf(journal.work()),
          networkWork.of(journal.netBits()));
    }

    private void moveEnd(long wanted) throws IOException {
      if (wanted < start || start > end) {
        sums.clear();
        start = wanted + 1;
        end = wanted;
        return;
      }
      for (long at = end + 1; at <= wanted; ) {
        at = run.read(at, wanted, 1, caps, longestRun);
        move(run.count, true);
      }
      for (long at = end; at > wanted; ) {
        at = run.read(at, wanted + 1, -1, caps, longestRun);
        move(run.count, false);
      }
      end = wanted;
    }

    /** Makes the start the oldest from which all whole shares fit. */
    private void moveStart(long lowest, @Nullable Rational size) throws IOException {
      while (start < lowest) {
        start = run.read(start, Math.min(lowest - 1, end), 1, caps, longestRun);
        move(run.count, false);
        start = run.count == 0 ? lowest : start;
      }
      if (size == null || !shrink(size)) {
        grow(lowest, size);
      }
    }

    /** Drops the oldest shares until the others fit; false when they did. */
    private boolean shrink(Rational size) throws IOException {
      Rational excess = filled().minus(size);
      boolean dropped = false;
      int most = firstRun;
      while (excess.signum() > 0 && start <= end) {
        dropped = true;
        long next = run.read(start, end, 1, caps, most);
        most = Math.min(2 * most, longestRun);
        // Whole shares go until what is left fits: the first beginning worth the excess or more.
        BigInteger least = ceil(excess, run.netBits);
        int keepFrom = run.fitting(least.subtract(BigInteger.ONE)) + 1;
        if (keepFrom >= run.count) {
          move(run.count, false);
          start = next;
        } else {
          move(keepFrom, false);
          start = run.sequences[keepFrom - 1] + 1;
        }
        excess = filled().minus(size);
      }
      return dropped;
    }

    private void grow(long lowest, @Nullable Rational size) throws IOException {
      int most = firstRun;
      while (start > lowest) {
        Rational room = size == null ? null : size.minus(filled());
        if (room != null && room.signum() <= 0) {
          return;
        }
        long next = run.read(start - 1, lowest, -1, caps, most);
        most = Math.min(2 * most, longestRun);
        int fit = run.count;
        if (room != null) {
          fit = run.fitting(room.times(Rational.of(divisor(run.netBits))).floor());
        }
        move(fit, true);
        if (fit < run.count) {
          start = fit == 0 ? start : run.sequences[fit - 1];
          return;
        }
        start = next + 1;
      }
    }

    private BigInteger ceil(Rational amount, int netBits) {
      Rational work = amount.times(Rational.of(divisor(netBits)));
      BigInteger floor = work.floor();
      return Rational.of(floor).equals(work) ? floor : floor.add(BigInteger.ONE);
    }

    private BigInteger divisor(int netBits) {
      return measure == Measure.UNITS ? networkWork.of(netBits) : BigInteger.ONE;
    }

    private Rational filled() {
      Rational filled = Rational.ZERO;
      for (Map.Entry<Integer, Sums> one : sums.entrySet()) {
        filled = filled.plus(Rational.of(one.getValue().total, divisor(one.getKey())));
      }
      return filled;
    }

    /** Adds the first shares of the run to the sums, or takes them off. */
    private void move(int shares, boolean in) {
      if (shares == 0) {
        return;
      }
      Sums one = sums.computeIfAbsent(run.netBits, bits -> new Sums());
      for (int i = 0; i < shares; i++) {
        if (in) {
          one.workers.add(run.ids[i], run.works[i]);
        } else {
          one.workers.subtract(run.ids[i], run.works[i]);
        }
      }
      BigInteger moved = shares == run.count ? run.total : run.sum(shares);
      one.total = in ? one.total.add(moved) : one.total.subtract(moved);
    }
  }
}
