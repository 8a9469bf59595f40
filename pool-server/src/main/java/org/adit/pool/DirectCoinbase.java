package org.adit.pool;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.adit.accounting.DirectWindow;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.payout.CoinbasePacker;
import org.adit.accounting.payout.CoinbasePacker.Miner;
import org.adit.accounting.payout.CoinbasePacker.Packed;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Settlement;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.FrozenList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coinbases that pay the miners of the reward window themselves, as far as they have room; the rest
 * goes to the pool's output, and the pool owes it. Lists are made when a template comes, on its
 * thread, never by an event loop; a job keeps the list its coinbase was made from.
 *
 * <p>A window that takes long to fill is filled again in the background: until it is there, lists
 * are made from the one before, whose newer shares are paid by later blocks.
 */
final class DirectCoinbase implements CoinbasePolicy, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectCoinbase.class);

  /** Stripped coinbase without miners' and remainder output, with the longest scriptSig. */
  private static final int FIXED_BYTES = 97 + 100 + 2;

  /** A window that is filled faster is filled for every template. */
  private static final long QUICK_NANOS = 50_000_000;

  private static final int LISTS_KEPT = 16;

  private final IntFunction<DirectWindow> windows;
  private final Scripts scripts;
  private final byte[] poolScript;
  private final int mostBytes;
  private final long leastSat;
  private final Deque<Prepared> prepared = new ArrayDeque<>();
  private final AtomicBoolean filling = new AtomicBoolean();
  private final ExecutorService filler =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("direct-window").factory());
  private volatile @Nullable DirectWindow window;
  private volatile long fillNanos;

  /** Knows what pays an account. */
  @FunctionalInterface
  interface Scripts {
    /** The output script; null when there is none. */
    byte @Nullable [] of(String account);
  }

  /** A template's coinbase. */
  private record Prepared(
      BlockTemplate template, List<CoinbaseOutput> outputs, @Nullable FrozenList list) {}

  /**
   * Makes a policy.
   *
   * @param windows the reward window for a network target
   * @param scripts scripts of accounts
   * @param poolScript where fees and the rest go
   * @param mostBytes longest coinbase the miners' devices take
   * @param leastSat smallest output
   */
  DirectCoinbase(
      IntFunction<DirectWindow> windows,
      Scripts scripts,
      byte[] poolScript,
      int mostBytes,
      long leastSat) {
    this.windows = windows;
    this.scripts = scripts;
    this.poolScript = poolScript.clone();
    this.mostBytes = mostBytes;
    this.leastSat = leastSat;
  }

  /** Makes the list for a template; call it before the template becomes jobs. */
  void prepare(BlockTemplate template) {
    Prepared made;
    try {
      made = make(template, windowFor(template));
    } catch (RuntimeException e) {
      LOG.error("no payout list for this template; its blocks are paid to the pool", e);
      made = custodial(template);
    }
    synchronized (prepared) {
      prepared.addFirst(made);
      if (prepared.size() > LISTS_KEPT) {
        prepared.removeLast();
      }
    }
  }

  private DirectWindow windowFor(BlockTemplate template) {
    DirectWindow known = window;
    if (known == null || known.netBits() != template.bits() || fillNanos < QUICK_NANOS) {
      return fill(template.bits());
    }
    if (filling.compareAndSet(false, true)) {
      filler.execute(() -> {
        try {
          fill(template.bits());
        } catch (RuntimeException e) {
          LOG.warn("the reward window could not be filled: {}", e.getMessage());
        } finally {
          filling.set(false);
        }
      });
    }
    return known;
  }

  private DirectWindow fill(int netBits) {
    long start = System.nanoTime();
    DirectWindow fresh = windows.apply(netBits);
    fillNanos = System.nanoTime() - start;
    window = fresh;
    return fresh;
  }

  private Prepared make(BlockTemplate template, DirectWindow from) {
    Optional<Settlement> divided =
        from.divide(new Amounts(template.subsidySat(), template.feesSat()));
    if (divided.isEmpty()) {
      return custodial(template);
    }
    Map<String, byte[]> scriptOf = new HashMap<>();
    List<Miner> miners = new ArrayList<>();
    long distributed = 0;
    long kept = divided.get().poolFee().totalSat();
    for (Map.Entry<String, Amounts> one : divided.get().byAccount().entrySet()) {
      long sat = one.getValue().totalSat();
      byte[] script = scripts.of(one.getKey());
      if (script == null || sat == 0) {
        kept += sat; // The reserve, or an account without an address: the pool owes it.
        continue;
      }
      scriptOf.put(one.getKey(), script);
      // Amounts as weights of their own sum: the packer's split gives exactly them back.
      miners.add(
          new Miner(
              one.getKey(), ScriptType.ofScript(script), BigInteger.valueOf(sat), 0, leastSat));
      distributed += sat;
    }
    if (miners.isEmpty()) {
      return custodial(template);
    }
    Packed packed =
        CoinbasePacker.pack(
            miners, distributed, kept, mostBytes, FIXED_BYTES, ScriptType.ofScript(poolScript));
    List<CoinbaseOutput> outputs = new ArrayList<>();
    SortedMap<String, Long> paid = new TreeMap<>();
    for (CoinbasePacker.Output output : packed.outputs()) {
      outputs.add(
          new CoinbaseOutput(Objects.requireNonNull(scriptOf.get(output.key())), output.sat()));
      paid.put(output.key(), output.sat());
    }
    if (packed.poolOutputSat() > 0 || outputs.isEmpty()) {
      outputs.add(new CoinbaseOutput(poolScript, packed.poolOutputSat()));
    }
    return new Prepared(template, outputs, new FrozenList(from.endSequence(), paid));
  }

  private Prepared custodial(BlockTemplate template) {
    return new Prepared(
        template, List.of(new CoinbaseOutput(poolScript, template.coinbaseValueSat())), null);
  }

  /** The template's own list; a template whose list is forgotten pays the pool. */
  @SuppressWarnings("ReferenceEquality") // a list belongs to the very template it was made for
  private Prepared of(BlockTemplate template) {
    synchronized (prepared) {
      for (Prepared one : prepared) {
        if (one.template() == template) {
          return one;
        }
      }
    }
    return custodial(template);
  }

  @Override
  public String jobKey(String account) {
    return "";
  }

  @Override
  public List<CoinbaseOutput> payouts(BlockTemplate template, String account) {
    return of(template).outputs();
  }

  @Override
  public @Nullable FrozenList frozen(BlockTemplate template) {
    return of(template).list();
  }

  @Override
  public void close() {
    filler.shutdownNow();
  }
}
