package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fills a window from the newest share towards older ones and cuts the last one exactly. Shares of
 * one network target are summed as integers; fractions appear only once per target and at the edge.
 */
public final class WindowWalk {
  /** How a share counts. */
  public enum Measure {
    /** By units: work over the network work of its own time. */
    UNITS,
    /** By plain work. */
    WORK
  }

  /** More work than all chains together will ever hold. */
  private static final Rational UNBOUNDED = Rational.of(BigInteger.ONE.shiftLeft(256));

  private final Measure measure;
  private final Rational size;
  private Rational filled = Rational.ZERO;
  private Window.@Nullable Edge edge;

  /** Whole shares: integer work per divisor (network work, or 1) and worker. */
  private final Map<BigInteger, Map<WorkerKey, BigInteger>> whole = new HashMap<>();

  private final Map<WorkerKey, Rational> cut = new HashMap<>();

  /**
   * Starts an empty window.
   *
   * @param size units or work, positive
   */
  public WindowWalk(Measure measure, Rational size) {
    if (size.signum() <= 0) {
      throw new IllegalArgumentException("window " + size + " (expected: > 0)");
    }
    this.measure = measure;
    this.size = size;
  }

  /** A walk that never fills, for PROP rounds, which end by a sequence. */
  public static WindowWalk unbounded(Measure measure) {
    return new WindowWalk(measure, UNBOUNDED);
  }

  /** Whether nothing more fits. */
  public boolean isFull() {
    return filled.compareTo(size) >= 0;
  }

  /**
   * How much of the window is still empty; a run of shares up to that may be {@linkplain #addRun
   * added whole}.
   */
  public Rational left() {
    return size.minus(filled);
  }

  /** Whether a share counts for at most the network work of its time. */
  public boolean capsShares() {
    return measure == Measure.UNITS;
  }

  /** A run's or share's amount in this window's measure. */
  public Rational amount(BigInteger work, BigInteger networkWork) {
    return Rational.of(work, divisor(networkWork));
  }

  private BigInteger divisor(BigInteger networkWork) {
    return measure == Measure.UNITS ? networkWork : BigInteger.ONE;
  }

  private BigInteger counted(WindowShare share) {
    return measure == Measure.UNITS ? share.work().min(share.networkWork()) : share.work();
  }

  /**
   * Adds the next older share, cut if it does not fit.
   *
   * @return whether there is room for more
   */
  public boolean add(WindowShare share) {
    BigInteger work = counted(share);
    if (work.signum() == 0) {
      return !isFull();
    }
    Rational of = amount(work, share.networkWork());
    Rational left = left();
    if (left.signum() <= 0) {
      return false;
    }
    if (of.compareTo(left) <= 0) {
      sum(share.worker(), work, share.networkWork());
      filled = filled.plus(of);
      edge = new Window.Edge(share.sequence(), of, of);
    } else {
      cut.merge(share.worker(), left, Rational::plus);
      filled = size;
      edge = new Window.Edge(share.sequence(), left, of);
    }
    return !isFull();
  }

  /**
   * Adds a worker's sum over a run of shares known to fit as a whole.
   *
   * @param work sum of the shares' work, each capped at the network work when units count
   * @throws IllegalStateException when it does not fit
   */
  public void addRun(WorkerKey worker, BigInteger work, BigInteger networkWork) {
    addRuns(Map.of(worker, work), networkWork);
  }

  /**
   * The same for many workers at one network target.
   *
   * @throws IllegalStateException when they do not fit together
   */
  public void addRuns(Map<WorkerKey, BigInteger> runs, BigInteger networkWork) {
    BigInteger total = BigInteger.ZERO;
    for (BigInteger work : runs.values()) {
      total = total.add(work);
    }
    Rational of = amount(total, networkWork);
    if (of.compareTo(left()) > 0) {
      throw new IllegalStateException("runs of " + of + " do not fit into " + left());
    }
    BigInteger divisor = divisor(networkWork);
    if (whole.containsKey(divisor)) {
      runs.forEach((worker, work) -> sum(worker, work, networkWork));
    } else {
      whole.put(divisor, new LinkedHashMap<>(runs));
    }
    filled = filled.plus(of);
  }

  /** Names the oldest share after whole runs were added. */
  public void edgeAt(WindowShare oldest) {
    Rational of = amount(counted(oldest), oldest.networkWork());
    edge = new Window.Edge(oldest.sequence(), of, of);
  }

  /** The same by amount, where the share itself is not known any more. */
  public void edgeAt(long sequence, Rational amount) {
    edge = new Window.Edge(sequence, amount, amount);
  }

  /**
   * Fills what is left with the same fraction of everybody's work in a run that does not fit.
   *
   * @param sequence its first share
   * @param works not empty, together more than is left
   * @throws IllegalArgumentException when it fits
   */
  public void addFraction(long sequence, Map<WorkerKey, BigInteger> works, BigInteger networkWork) {
    BigInteger total = works.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    Rational of = amount(total, networkWork);
    Rational left = left();
    if (of.compareTo(left) < 0) {
      throw new IllegalArgumentException("a run of " + of + " fits into " + left);
    }
    works.forEach(
        (worker, work) -> cut.merge(worker, left.times(Rational.of(work, total)), Rational::plus));
    filled = size;
    edge = new Window.Edge(sequence, left, of);
  }

  private void sum(WorkerKey worker, BigInteger work, BigInteger networkWork) {
    whole
        .computeIfAbsent(divisor(networkWork), divisor -> new HashMap<>())
        .merge(worker, work, BigInteger::add);
  }

  /** The window as filled so far. */
  public Window finish() {
    int most = whole.values().stream().mapToInt(Map::size).max().orElse(0);
    Map<WorkerKey, Rational> weights = LinkedHashMap.newLinkedHashMap(most + cut.size());
    whole.forEach((divisor, sums) ->
        sums.forEach(
            (worker, work) -> weights.merge(worker, Rational.of(work, divisor), Rational::plus)));
    cut.forEach((worker, part) -> weights.merge(worker, part, Rational::plus));
    return new Window(size, filled, sorted(weights), edge);
  }

  /**
   * Runs mostly come in key order, which the sort sees at once; put at the end one by one, keys are
   * compared with their neighbours only.
   */
  private static SortedMap<WorkerKey, Rational> sorted(Map<WorkerKey, Rational> weights) {
    WorkerKey[] workers = weights.keySet().toArray(WorkerKey[]::new);
    Arrays.sort(workers);
    SortedMap<WorkerKey, Rational> sorted = new TreeMap<>();
    for (WorkerKey worker : workers) {
      sorted.put(worker, weights.getOrDefault(worker, Rational.ZERO));
    }
    return sorted;
  }
}
