package org.adit.accounting;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PpsRate;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoreWriter;
import org.jspecify.annotations.Nullable;

/**
 * Pays shares as they come, from closed buckets, in sequence order. What a range of shares is
 * worth, the work it stands on, the ledger entry and the place reached commit together, so that
 * every share is paid once. An entry the reserve cannot carry is not posted: its shares stay due,
 * and the pool gives out no work meanwhile. Not thread-safe.
 */
final class PpsPoster {
  /** Buckets of one entry, which other writers wait for. */
  private static final int MOST_BUCKETS = 2_000;

  private final AccountingStore store;
  private final NetworkWork networkWork;
  private final PpsSettings settings;

  PpsPoster(AccountingStore store, NetworkWork networkWork, PpsSettings settings) {
    this.store = store;
    this.networkWork = networkWork;
    this.settings = settings;
  }

  /** Buckets that follow each other in one epoch. */
  private static final class Run {
    final PayRule rule;
    final PpsRate rate;
    final BucketRow first;
    BucketRow last;
    long firstId;
    long lastId;
    int buckets = 1;
    long shares;
    boolean ended;

    Run(PayRule rule, PpsRate rate, BucketRow first) {
      this.rule = rule;
      this.rate = rate;
      this.first = first;
      this.last = first;
      this.firstId = first.id();
      this.lastId = first.id();
      this.shares = first.shares();
    }

    boolean take(PayRule ruleThen, PpsRate rateThen, BucketRow bucket) {
      if (ruleThen.id() != rule.id()
          || rateThen.id() != rate.id()
          || bucket.netBits() != first.netBits()
          || buckets == MOST_BUCKETS) {
        ended = true;
        return false;
      }
      last = bucket;
      firstId = Math.min(firstId, bucket.id());
      lastId = Math.max(lastId, bucket.id());
      buckets++;
      shares += bucket.shares();
      return true;
    }
  }

  /**
   * Pays what is due.
   *
   * @param all whether to pay what closed buckets hold even before its time
   * @return how it stands afterwards
   */
  PpsStatus accrue(long nowMillis, boolean all) {
    PpsTimeline timeline =
        store.read(reader -> new PpsTimeline(reader.payRules(), reader.ppsRates()));
    if (!timeline.isUsed()) {
      return PpsStatus.INACTIVE;
    }
    String[] problem = {null};
    while (store.write(tx -> step(tx, timeline, nowMillis, all, problem))) {
      problem[0] = null;
    }
    return status(timeline, problem[0]);
  }

  private PpsStatus status(PpsTimeline timeline, @Nullable String problem) {
    boolean active = timeline.rules().getLast().scheme().paysByShare();
    @Nullable String why = problem;
    if (why == null && active && timeline.rates().isEmpty()) {
      why = "what a share is worth is not known yet: the node gave no block subsidy and fees";
    }
    @Nullable String reason = why;
    return store.read(reader ->
        new PpsStatus(
            active,
            reader.ppsAccruedThrough(),
            remaining(reader),
            settings.stopBelowSat(),
            reason));
  }

  /** Pays one range; false when there is none, or the reserve does not carry it. */
  private boolean step(
      StoreWriter tx, PpsTimeline timeline, long nowMillis, boolean all, String[] problem) {
    long from = timeline.nextPaid(tx.ppsAccruedThrough() + 1);
    if (from == Long.MAX_VALUE) {
      return false;
    }
    Run run = nextRun(tx, timeline, from);
    if (run == null
        || (!all
            && !run.ended
            && nowMillis - run.first.firstMillis() < settings.every().toMillis())) {
      return false;
    }
    if (run.shares > 0) {
      String refused = post(tx, run, nowMillis);
      if (refused != null) {
        problem[0] = refused;
        return false;
      }
    }
    tx.setPpsAccruedThrough(run.last.lastSequence());
    return true;
  }

  private static @Nullable Run nextRun(StoreReader reader, PpsTimeline timeline, long from) {
    Run[] run = {null};
    reader.bucketsUpFrom(
        from,
        bucket -> {
          Run begun = run[0];
          PayRule rule = timeline.ruleAt(bucket.firstSequence());
          PpsRate rate = timeline.rateAt(bucket.firstSequence());
          if (bucket.closedBy() == null || rate == null) {
            return false;
          }
          if (!rule.scheme().paysByShare()) {
            if (begun != null) {
              begun.ended = true;
            }
            return begun == null;
          }
          if (begun != null) {
            return begun.take(rule, rate, bucket);
          }
          run[0] = new Run(rule, rate, bucket);
          return true;
        });
    return run[0];
  }

  /** Posts a range; the reason when it is refused, and then nothing was written. */
  private @Nullable String post(StoreWriter tx, Run run, long nowMillis) {
    PpsAccrual worth = PpsTimeline.accrual(run.rule, run.rate, networkWork.of(run.first.netBits()));
    Map<String, BigInteger> growth = growth(tx, run);
    long epoch = tx.ppsEpochId(run.rule.id(), run.rate.id(), run.first.netBits());
    Map<String, BigInteger> known = tx.ppsWork(epoch);
    Map<String, BigInteger> sums = new HashMap<>();
    SortedMap<String, Long> amounts = new TreeMap<>();
    long total = 0;
    for (Map.Entry<String, BigInteger> one : growth.entrySet()) {
      BigInteger before = known.getOrDefault(one.getKey(), BigInteger.ZERO);
      BigInteger after = before.add(one.getValue());
      sums.put(one.getKey(), after);
      long sat = worth.worth(after).minus(worth.worth(before)).totalSat();
      amounts.put(one.getKey(), sat);
      total = Math.addExact(total, sat);
    }
    long remaining = remaining(tx);
    if (total > remaining) {
      return "the reserve of "
          + remaining
          + " sat does not carry the "
          + total
          + " sat of shares "
          + run.first.firstSequence()
          + " to "
          + run.last.lastSequence()
          + "; they stay due. Set more aside with 'adit capital reserve'";
    }
    tx.setPpsWork(epoch, sums);
    Posting posting =
        new Ledger(tx.book(nowMillis))
            .ppsAccrued(epoch, run.first.firstSequence(), run.last.lastSequence(), amounts);
    if (!posting.isPosted()) {
      throw new IllegalStateException("the ledger did not take " + posting);
    }
    return null;
  }

  private static Map<String, BigInteger> growth(StoreReader reader, Run run) {
    Map<Integer, WorkerKey> workers = reader.workerKeys();
    Map<String, BigInteger> growth = new HashMap<>();
    reader.sumBuckets(
        run.firstId,
        run.lastId,
        (netBits, sum) -> {
          WorkerKey key = workers.get(sum.workerId());
          if (key == null) {
            throw new IllegalStateException("worker " + sum.workerId() + " has no account");
          }
          growth.merge(key.account(), sum.scoreWork(), BigInteger::add);
        });
    return growth;
  }

  /**
   * What is left to pay shares from: what the operator set aside, plus matured blocks, less shares
   * paid and blocks lost; and never more than the coins that are nobody else's.
   */
  static long remaining(StoreReader reader) {
    long pending = reader.ledgerSum(LedgerAccounts.PENDING_PREFIX);
    // What immature blocks hold for nobody is block income that may still be orphaned.
    long immatureIncome =
        reader.ledgerBalance(LedgerAccounts.IMMATURE)
            + pending
            + reader.ledgerBalance(LedgerAccounts.POOL_FEE_PENDING);
    long setAside =
        -reader.ledgerBalance(LedgerAccounts.PPS_RESERVE)
            - reader.ledgerBalance(LedgerAccounts.BLOCK_INCOME)
            - reader.ledgerBalance(LedgerAccounts.PPS_EXPENSE)
            - reader.ledgerBalance(LedgerAccounts.ORPHAN_LOSS)
            - immatureIncome;
    long free =
        reader.ledgerBalance(LedgerAccounts.WALLET)
            + reader.ledgerSum(LedgerAccounts.LIABILITIES)
            - pending;
    return Math.min(setAside, free);
  }
}
