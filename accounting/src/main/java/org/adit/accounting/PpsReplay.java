package org.adit.accounting;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PpsEpoch;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/** Recomputes what shares earned as they came, entry by entry, from the raw shares. */
final class PpsReplay {
  private final StoreReader reader;
  private final JournalReader journal;
  private final NetworkWork networkWork;
  private final PayoutReplay.Differences differences;
  private final PpsTimeline timeline;
  private final Map<Integer, WorkerKey> workers;
  private final Map<Long, PpsEpoch> epochs = new HashMap<>();
  private final Map<Long, PpsAccrual> accruals = new HashMap<>();
  private final Map<Long, Map<String, Long>> credited = new HashMap<>();
  private final long retired;
  private long through;

  PpsReplay(
      StoreReader reader,
      JournalReader journal,
      NetworkWork networkWork,
      PayoutReplay.Differences differences) {
    this.reader = reader;
    this.journal = journal;
    this.networkWork = networkWork;
    this.differences = differences;
    this.timeline = new PpsTimeline(reader.payRules(), reader.ppsRates());
    this.workers = reader.workerKeys();
    this.retired = reader.retiredThrough();
    reader.ppsEpochs().forEach(epoch -> epochs.put(epoch.id(), epoch));
  }

  /**
   * What a range of shares earned; null when there is no such epoch.
   *
   * @param from its first share
   * @param to its last one
   * @param entry believed where all shares of the range are retired: what it led to is checked by
   *     their sums
   */
  @Nullable SortedMap<String, Long> amounts(long epochId, long from, long to, Entry entry)
      throws IOException {
    PpsEpoch epoch = epochs.get(epochId);
    if (epoch == null || from < 1 || to < from) {
      return null;
    }
    String name = "shares " + from + " to " + to;
    differences.differ(name + " follow paid ones", true, from > through);
    unpaid(through + 1, from - 1);
    PayRule rule = timeline.rule(epoch.payRuleId());
    differences.differ(name + " are paid as they come", true, rule.scheme().paysByShare());
    Map<String, Long> before = credited.computeIfAbsent(epochId, id -> new HashMap<>());
    SortedMap<String, Long> amounts = new TreeMap<>();
    if (to <= retired) {
      entry
          .lines()
          .forEach((account, sat) -> {
            if (LedgerAccounts.isPayable(account)) {
              amounts.put(LedgerAccounts.minerOfPayable(account), -sat);
            }
          });
    } else {
      PpsAccrual accrual = accrual(epoch);
      growth(epoch, from, to)
          .forEach((account, work) -> {
            accrual.add(account, work);
            amounts.put(account, worth(accrual, account) - before.getOrDefault(account, 0L));
          });
    }
    amounts.forEach((account, sat) -> before.merge(account, sat, Long::sum));
    through = to;
    return amounts;
  }

  private PpsAccrual accrual(PpsEpoch epoch) {
    return accruals.computeIfAbsent(
        epoch.id(),
        id -> {
          PpsAccrual accrual =
              PpsTimeline.accrual(
                  timeline.rule(epoch.payRuleId()),
                  timeline.rate(epoch.rateId()),
                  networkWork.of(epoch.netBits()));
          reader.retiredPpsWork(id).forEach(accrual::add);
          return accrual;
        });
  }

  private static long worth(PpsAccrual accrual, String account) {
    return accrual.credited().getOrDefault(account, Amounts.ZERO).totalSat();
  }

  private Map<String, BigInteger> growth(PpsEpoch epoch, long from, long to) throws IOException {
    BigInteger network = networkWork.of(epoch.netBits());
    Map<String, BigInteger> growth = new HashMap<>();
    for (long at = Math.max(from, retired + 1); at <= to && journal.seek(at); at++) {
      if (journal.work() > 0) {
        if (!epoch.equals(timeline.epochOf(epochs.values(), at, journal.netBits()))) {
          differences.differ("share " + at + " belongs to epoch " + epoch.id(), true, false);
        }
        WorkerKey worker = workers.get(journal.workerId());
        String account = worker == null ? "?" : worker.account();
        growth.merge(account, BigInteger.valueOf(journal.work()).min(network), BigInteger::add);
      }
    }
    return growth;
  }

  /** Compares the stored state with what the entries led to. */
  void finish() throws IOException {
    long stored = reader.ppsAccruedThrough();
    unpaid(through + 1, stored);
    differences.differ("shares paid as they came", true, through <= stored);
    for (PpsEpoch epoch : epochs.values()) {
      PpsAccrual accrual = accrual(epoch);
      String name = "work of epoch " + epoch.id();
      differences.differ(name, accrual.work(), reader.ppsWork(epoch.id()));
      Map<String, Long> worth = new HashMap<>();
      accrual.credited().forEach((account, amounts) -> worth.put(account, amounts.totalSat()));
      worth.values().removeIf(sat -> sat == 0);
      Map<String, Long> paid = credited.getOrDefault(epoch.id(), new HashMap<>());
      paid.values().removeIf(sat -> sat == 0);
      differences.differ("worth of the " + name, worth, paid);
    }
  }

  /** Between two paid ranges nothing may lie that earns by the share. */
  private void unpaid(long from, long to) throws IOException {
    if (!timeline.isUsed()) {
      return;
    }
    for (long at = timeline.nextPaid(Math.max(from, retired + 1));
        at <= to;
        at = timeline.nextPaid(at + 1)) {
      if (!journal.seek(at)) {
        return;
      }
      if (journal.work() > 0) {
        differences.differ("share " + at + " was paid", true, false);
        return;
      }
    }
  }
}
