package org.adit.accounting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.bucket.WorkSums;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.ledger.BlockMoney;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.ledger.MemoryBook;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.EntryChain;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoredEntry;
import org.adit.accounting.store.WorkerRow;
import org.adit.accounting.store.WorkerSum;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes credits from raw shares, then the ledger from those credits, and compares both with
 * what is stored. Bucket sums are not used, so that they are checked too.
 */
final class Replay {
  private static final int MAX_DIFFERENCES = 1000;
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})-([0-9]{1,18})");

  private final StoreReader reader;
  private final JournalReader journal;
  private final List<String> differences = new ArrayList<>();
  private final Map<String, BlockMoney> money = new HashMap<>();
  private final MemoryBook book = new MemoryBook();
  private final Ledger ledger = new Ledger(book);
  private final NetworkWork networkWork = new NetworkWork();
  private final PpsReplay pps;
  private byte[] chain = EntryChain.start();
  private long omitted;
  private long shares;
  private int blocks;
  private int entries;

  Replay(StoreReader reader, JournalReader journal) {
    this.reader = reader;
    this.journal = journal;
    this.pps = new PpsReplay(reader, journal, networkWork, this::differ);
  }

  ReplayReport run() throws IOException {
    workerSums();
    BlockAudit audit = new BlockAudit(reader, journal, networkWork, this::differ);
    reader.forEachBlock(block -> settle(block, audit));
    reader.forEachEntry(this::post);
    pps.finish();
    compareAmounts("balance", book.balances(), reader.ledgerBalances());
    compareAmounts("sum of lines", book.balances(), reader.ledgerSums());
    reader.forEachBlock(this::state);
    new PayoutReplay(reader, book, this::differ).run();
    return new ReplayReport(shares, blocks, entries, differences, omitted);
  }

  private void differ(String what, @Nullable Object expected, @Nullable Object actual) {
    if (Objects.equals(expected, actual)) {
      return;
    }
    if (differences.size() < MAX_DIFFERENCES) {
      differences.add(what + ": stored " + actual + ", recomputed " + expected);
    } else {
      omitted++;
    }
  }

  private void workerSums() throws IOException {
    WorkSums sums = new WorkSums();
    long retired = reader.retiredThrough();
    for (WorkerSum sum : reader.retiredWorkers()) {
      sums.add(sum.workerId(), sum.shares(), sum.work());
    }
    shares = retired;
    if (journal.firstSequence() > retired + 1) {
      differ("first share of the journal", retired + 1, journal.firstSequence());
    }
    for (long at = Math.max(journal.firstSequence(), retired + 1); journal.seek(at); at++) {
      shares++;
      if (journal.work() > 0) {
        sums.add(journal.workerId(), journal.work());
      }
    }
    for (WorkerRow row : reader.workers()) {
      String who = "worker " + row.id();
      differ(who + " shares", sums.shares(row.id()), row.sharesAccepted());
      differ(who + " work", sums.work(row.id()), row.work());
      sums.remove(row.id());
    }
    sums.forEachWorker(id -> differ("worker " + id, "in the journal", "missing"));
  }

  private void settle(BlockRow block, BlockAudit audit) {
    blocks++;
    String hash = block.hash().toDisplayHex();
    money.put(
        hash,
        BlockSettler.money(
            hash,
            block.scheme(),
            block.direct(),
            audit.check(block),
            reader.directlyPaid(block.hash()).keySet()));
  }

  private void post(StoredEntry stored) {
    entries++;
    Entry entry = stored.entry();
    chain = EntryChain.next(chain, entry);
    differ(
        "hash chain at entry " + entry.key(), HexFormat.of().formatHex(chain), stored.chainHex());
    Posting posting = repost(entry);
    if (posting == null || !posting.isPosted()) {
      differ("entry " + entry.key(), posting == null ? "nothing" : posting, "posted");
      return;
    }
    differ("entry " + entry.key() + " key", posting.key(), entry.key());
    Entry again = book.entry(posting.key());
    differ("entry " + entry.key(), again == null ? null : again.lines(), entry.lines());
  }

  /** Posts the event an entry's key names, from recomputed amounts; null when there is none. */
  private @Nullable Posting repost(Entry entry) {
    String[] key = entry.key().split(":", -1);
    if (key.length < 3) {
      return null;
    }
    return switch (key[0]) {
      case "payout" -> repostPayout(entry, key);
      case "pps" -> repostPps(entry, key);
      case "operator" ->
          key[2].equals("reserved")
              ? ledger.operatorReserved(
                  key[1], -entry.lines().getOrDefault(LedgerAccounts.PPS_RESERVE, 0L))
              : ledger.operatorMoved(key[1], entry.lines().getOrDefault(LedgerAccounts.WALLET, 0L));
      default -> repostBlock(key);
    };
  }

  private @Nullable Posting repostPps(Entry entry, String[] key) {
    Matcher range = RANGE.matcher(key[1] + ":" + key[2]);
    if (!range.matches()) {
      return null;
    }
    long epoch = Long.parseLong(range.group(1));
    long from = Long.parseLong(range.group(2));
    long to = Long.parseLong(range.group(3));
    try {
      SortedMap<String, Long> amounts = pps.amounts(epoch, from, to, entry);
      return amounts == null ? null : ledger.ppsAccrued(epoch, from, to, amounts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Posting repostBlock(String[] key) {
    BlockMoney block = money.get(key[1]);
    if (!key[0].equals("block") || block == null) {
      return null;
    }
    int transition = ledger.transitions(key[1]) + 1;
    return switch (key[2]) {
      case "snapshot" -> ledger.snapshot(key[1]);
      case "found" -> ledger.found(block);
      case "matured" -> ledger.matured(key[1]);
      case "orphaned" -> ledger.orphaned(key[1], transition);
      case "reconnected" -> ledger.reconnected(key[1], transition);
      case "deep" -> ledger.deepOrphaned(key[1], transition);
      default -> null;
    };
  }

  /** Payout amounts are decisions, not results: they are taken from the entry itself. */
  private @Nullable Posting repostPayout(Entry entry, String[] key) {
    return switch (key[2]) {
      case "reserved" -> {
        SortedMap<String, Long> amounts = new TreeMap<>();
        String prefix = LedgerAccounts.payable("");
        entry
            .lines()
            .forEach((account, sat) -> {
              if (account.startsWith(prefix)) {
                amounts.put(account.substring(prefix.length()), sat);
              }
            });
        yield ledger.payoutReserved(key[1], amounts);
      }
      case "failed" -> ledger.payoutFailed(key[1]);
      case "confirmed", "reconfirmed" ->
          ledger.payoutConfirmed(
              key[1], key[3], entry.lines().getOrDefault(LedgerAccounts.TX_FEE, 0L));
      case "unconfirmed" -> ledger.payoutUnconfirmed(key[1], key[3], Integer.parseInt(key[4]));
      default -> null;
    };
  }

  private void compareAmounts(
      String what, SortedMap<String, Long> expected, SortedMap<String, Long> actual) {
    TreeSet<String> accounts = new TreeSet<>(expected.keySet());
    accounts.addAll(actual.keySet());
    for (String account : accounts) {
      differ(
          what + " of " + account,
          expected.getOrDefault(account, 0L),
          actual.getOrDefault(account, 0L));
    }
  }

  private void state(BlockRow block) {
    String hash = block.hash().toDisplayHex();
    String name = "block " + hash;
    boolean posted = book.entry(Ledger.foundKey(hash)) != null;
    differ(name + " is in the ledger", true, posted);
    int transitions = ledger.transitions(hash);
    differ(name + " transitions", transitions, block.transitions());
    BlockState expected =
        transitions % 2 == 1
            ? BlockState.ORPHANED
            : ledger.isMatured(hash) ? BlockState.MATURE : BlockState.IMMATURE;
    differ(name + " state", expected, block.state());
  }
}
