package org.adit.pool;

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
import org.adit.accounting.payout.CoinbasePacker.Due;
import org.adit.accounting.payout.CoinbasePacker.Packed;
import org.adit.accounting.payout.CoinbasePacker.Room;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Settlement;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.BlockRoom;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbaseParts;
import org.adit.pool.work.CoinbasePayouts;
import org.adit.pool.work.CoinbasePlan;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.FrozenList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coinbases that pay the miners of the reward window themselves, as far as they have room; the rest
 * goes to the pool's output, and the pool owes it. How much room there is depends on the device
 * that mines it, so each class of devices has a list of its own. Lists are made when a template
 * comes, on its thread, never by an event loop; a job keeps the list its coinbase was made from.
 *
 * <p>A window that takes long to fill is filled again in the background: until it is there, lists
 * are made from the one before, whose newer shares are paid by later blocks.
 */
final class DirectCoinbase implements CoinbasePolicy, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectCoinbase.class);

  /** A window that is filled faster is filled for every template. */
  private static final long QUICK_NANOS = 50_000_000;

  private static final int LISTS_KEPT = 16;
  private static final int MOST_IN_ONE_BYTE = 252;

  private final IntFunction<DirectWindow> windows;
  private final Scripts scripts;
  private final byte[] poolScript;
  private final CoinbasePolicy custodial;
  private final int tagBytes;
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

  private record Prepared(BlockTemplate template, CoinbasePlan plan) {}

  /**
   * Makes a policy.
   *
   * @param windows the reward window for a network target
   * @param scripts scripts of accounts
   * @param poolScript where fees and the rest go
   * @param tagBytes length of the pool's mark in the coinbase
   * @param mostBytes longest coinbase, whatever a device takes
   * @param leastSat smallest output
   */
  DirectCoinbase(
      IntFunction<DirectWindow> windows,
      Scripts scripts,
      byte[] poolScript,
      int tagBytes,
      int mostBytes,
      long leastSat) {
    this.windows = windows;
    this.scripts = scripts;
    this.poolScript = poolScript.clone();
    this.custodial = PoolCoinbase.custodial(poolScript);
    this.tagBytes = tagBytes;
    this.mostBytes = mostBytes;
    this.leastSat = leastSat;
  }

  /** Makes the lists for a template; call it before the template becomes jobs. */
  void prepare(BlockTemplate template) {
    CoinbasePlan made;
    try {
      made = make(template, windowFor(template));
    } catch (RuntimeException e) {
      LOG.error("no payout list for this template; its blocks are paid to the pool", e);
      made = custodial.plan(template);
    }
    synchronized (prepared) {
      prepared.addFirst(new Prepared(template, made));
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

  private CoinbasePlan make(BlockTemplate template, DirectWindow from) {
    Optional<Settlement> divided =
        from.divide(new Amounts(template.subsidySat(), template.feesSat()));
    if (divided.isEmpty()) {
      return custodial.plan(template);
    }
    Map<String, byte[]> scriptOf = new HashMap<>();
    List<Due> miners = new ArrayList<>();
    long kept = divided.get().poolFee().totalSat();
    for (Map.Entry<String, Amounts> one : divided.get().byAccount().entrySet()) {
      long sat = one.getValue().totalSat();
      byte[] script = scripts.of(one.getKey());
      if (script == null || sat == 0) {
        kept += sat; // The reserve, or an account without an address: the pool owes it.
        continue;
      }
      scriptOf.put(one.getKey(), script);
      miners.add(new Due(one.getKey(), ScriptType.ofScript(script), sat, 0, leastSat));
    }
    if (miners.isEmpty()) {
      return custodial.plan(template);
    }
    CoinbasePacker packer = new CoinbasePacker(miners);
    BlockRoom block = BlockRoom.of(template);
    int frameBytes =
        CoinbaseParts.frameBytes(
            template.height(),
            template.coinbaseAux().values(),
            tagBytes,
            template.defaultWitnessCommitment().orElse(null));
    DirectPlan.Builder plan = new DirectPlan.Builder();
    for (CoinbaseClass devices : CoinbaseClass.values()) {
      int bytes = Math.min(Math.min(devices.maxBytes(), mostBytes), block.coinbaseBytes());
      Packed packed = packer.pack(kept, room(bytes - frameBytes, block.sigops()));
      plan.add(devices, payouts(packed, scriptOf, from.endSequence()));
    }
    return plan.build();
  }

  /** What outputs to miners may take beside the pool's output. */
  private Room room(int outputBytes, int sigops) {
    ScriptType pool = ScriptType.ofScript(poolScript);
    int bytes = outputBytes - pool.outputBytes();
    // The count of outputs takes one byte up to 252 of them, the pool's and the commitment's too.
    bytes -= bytes > (MOST_IN_ONE_BYTE - 2) * ScriptType.P2WPKH.outputBytes() ? 3 : 1;
    return new Room(Math.max(0, bytes), Math.max(0, sigops - pool.sigopCost()));
  }

  private CoinbasePayouts payouts(Packed packed, Map<String, byte[]> scriptOf, long endSequence) {
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
    return new CoinbasePayouts(outputs, new FrozenList(endSequence, paid));
  }

  /** The template's own lists; a template whose lists are forgotten pays the pool. */
  @Override
  @SuppressWarnings("ReferenceEquality") // a list belongs to the very template it was made for
  public CoinbasePlan plan(BlockTemplate template) {
    synchronized (prepared) {
      for (Prepared one : prepared) {
        if (one.template() == template) {
          return one.plan();
        }
      }
    }
    return custodial.plan(template);
  }

  @Override
  public void close() {
    filler.shutdownNow();
  }
}
