package org.adit.accounting;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PpsEpoch;
import org.adit.accounting.store.PpsRate;
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
    reader.ppsEpochs().forEach(epoch -> epochs.put(epoch.id(), epoch));
  }

  /**
   * What a range of shares earned; null when there is no such epoch.
   *
   * @param from its first share
   * @param to its last one
   */
  @Nullable SortedMap<String, Long> amounts(long epochId, long from, long to) throws IOException {
    PpsEpoch epoch = epochs.get(epochId);
    if (epoch == null || from < 1 || to < from) {
      return null;
    }
    String name = "shares " + from + " to " + to;
    differences.differ(name + " follow paid ones", true, from > through);
    unpaid(through + 1, from - 1);
    PayRule rule = timeline.rule(epoch.payRuleId());
    PpsRate rate = timeline.rate(epoch.rateId());
    differences.differ(name + " are paid as they come", true, rule.scheme().paysByShare());
    BigInteger network = networkWork.of(epoch.netBits());
    Map<String, BigInteger> growth = new HashMap<>();
    for (long at = from; at <= to && journal.seek(at); at++) {
      if (journal.work() > 0) {
        PpsRate then = timeline.rateAt(at);
        boolean inEpoch =
            journal.netBits() == epoch.netBits()
                && timeline.ruleAt(at).id() == rule.id()
                && then != null
                && then.id() == rate.id();
        if (!inEpoch) {
          differences.differ("share " + at + " belongs to epoch " + epochId, true, false);
        }
        WorkerKey worker = workers.get(journal.workerId());
        String account = worker == null ? "?" : worker.account();
        growth.merge(account, BigInteger.valueOf(journal.work()).min(network), BigInteger::add);
      }
    }
    PpsAccrual accrual =
        accruals.computeIfAbsent(epochId, id -> PpsTimeline.accrual(rule, rate, network));
    SortedMap<String, Long> amounts = new TreeMap<>();
    growth.forEach((account, work) -> amounts.put(account, accrual.add(account, work).totalSat()));
    through = to;
    return amounts;
  }

  /** Compares the stored state with what the entries led to. */
  void finish() throws IOException {
    long stored = reader.ppsAccruedThrough();
    unpaid(through + 1, stored);
    differences.differ("shares paid as they came", true, through <= stored);
    for (PpsEpoch epoch : epochs.values()) {
      PpsAccrual accrual = accruals.get(epoch.id());
      differences.differ(
          "work of epoch " + epoch.id(),
          accrual == null ? Map.of() : accrual.work(),
          reader.ppsWork(epoch.id()));
    }
  }

  /** Between two paid ranges nothing may lie that earns by the share. */
  private void unpaid(long from, long to) throws IOException {
    if (!timeline.isUsed()) {
      return;
    }
    for (long at = timeline.nextPaid(from); at <= to; at = timeline.nextPaid(at + 1)) {
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
