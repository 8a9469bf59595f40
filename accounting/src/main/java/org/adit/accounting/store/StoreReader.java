package org.adit.accounting.store;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.hasher.Hash256;

/** What can be asked inside a transaction. */
public interface StoreReader {

  /** All workers, by account and name. */
  List<WorkerRow> workers();

  /** Rejected shares by worker and reason. */
  List<RejectRow> rejects();

  /**
   * Account and name of every worker id; 0 is the reserve. Iterates in the order of {@link
   * WorkerKey}, as an index has it, so that what is gathered in this order is sorted already.
   */
  Map<Integer, WorkerKey> workerKeys();

  /** Account and name of a worker. */
  Optional<WorkerKey> workerKey(int workerId);

  /** Newest blocks first. */
  List<BlockRow> blocks(int limit);

  /** One block. */
  Optional<BlockRow> block(Hash256 hash);

  /** Blocks in the order they were posted. */
  void forEachBlock(Consumer<BlockRow> consumer);

  /** The root of a block's sum tree; empty for blocks of versions that made none. */
  Optional<ProofRow> proof(Hash256 hash);

  /** Credits of a block, by account and worker. */
  List<CreditRow> credits(Hash256 hash);

  /**
   * What a block's coinbase paid to each account of a scheme that divides it over a window; empty
   * when the pool held the whole block, and for the finder of SOLO.
   */
  SortedMap<String, Long> directlyPaid(Hash256 hash);

  /** What is owed to and was paid to each account. */
  List<BalanceRow> balances();

  /** Balances of ledger accounts that are not zero, debit positive, as kept beside the lines. */
  SortedMap<String, Long> ledgerBalances();

  /** The same, summed from all lines (invariant I10 compares the two). */
  SortedMap<String, Long> ledgerSums();

  /** Ledger entries in the order they were posted. */
  void forEachEntry(Consumer<StoredEntry> consumer);

  /** Newest journal sequence whose sums are in the buckets, 0 when there is none. */
  long foldedSequence();

  /**
   * First share of the round that a winning share ends: the newest earlier winner of a block that
   * is not orphaned now, or 1. That winner itself belongs to the new round, as windows leave the
   * winner out.
   */
  long roundStart(long winnerSequence);

  /** All pay rules, oldest first. */
  List<PayRule> payRules();

  /** The bucket that still grows. */
  Optional<BucketRow> openBucket();

  /**
   * Buckets from the one that holds a sequence towards older ones, until the predicate says false.
   */
  void bucketsDown(long fromSequence, Predicate<BucketRow> consumer);

  /** Buckets from the oldest on, until the predicate says false. */
  void bucketsUp(Predicate<BucketRow> consumer);

  /** Per worker and network target, the sums over the buckets in a range of ids. */
  void sumBuckets(long firstId, long lastId, BiConsumer<Integer, WorkerSum> netBitsAndSum);

  /** Takes a worker's part of a bucket. */
  @FunctionalInterface
  interface PartConsumer {
    /**
     * Takes one part.
     *
     * @param work 16 bytes, big-endian
     */
    void accept(int netBits, int workerId, byte[] work);
  }

  /**
   * Workers' parts of the buckets in a range of ids, in no particular order.
   *
   * @param score whether the work capped at the network work is wanted
   */
  void bucketParts(long firstId, long lastId, boolean score, PartConsumer consumer);

  /** The log of account settings, oldest first. */
  List<AccountChange> accountChanges();

  /** The newest payouts, newest first. */
  List<PayoutRow> payouts(int limit);

  /** Payouts that are neither final nor failed, oldest first. */
  List<PayoutRow> openPayouts();

  /** All payouts, oldest first. */
  List<PayoutRow> allPayouts();

  /** Failed payouts with a transaction that was withdrawn and is not buried yet, oldest first. */
  List<PayoutRow> withdrawnPayouts();

  /** One payout. */
  Optional<PayoutRow> payout(String id);

  /** Blocks that may still move: immature ones, and all from a height on; newest first. */
  List<BlockRow> blocksFrom(int height);

  /** Blocks posted after a row id, oldest first, with that row id. */
  void forEachBlockAfter(long id, ObjLongConsumer<BlockRow> consumer);

  /** Entries posted after an id, oldest first. */
  void forEachEntryAfter(long id, Consumer<StoredEntry> consumer);

  /** Keys of entries after an id whose lines do not sum to zero, or whose key exists twice. */
  List<String> unbalancedEntries(long afterId);

  /** The newest ledger entry's id and its place in the chain. */
  Optional<LedgerHead> ledgerHead();

  /**
   * Buckets whose first share is at or after a sequence, oldest first, until the predicate says
   * false.
   */
  void bucketsUpFrom(long firstSequence, Predicate<BucketRow> consumer);

  /**
   * Sequences above one at which something begins that buckets must not straddle: pay rules and
   * rates by the share; ascending.
   */
  List<Long> boundariesAfter(long sequence);

  /** What shares were and are worth by the share, oldest first. */
  List<PpsRate> ppsRates();

  /** All epochs of paying by the share. */
  List<PpsEpoch> ppsEpochs();

  /** Work accrued in an epoch, per account. */
  Map<String, BigInteger> ppsWork(long epochId);

  /** Newest sequence whose raw share may be gone; 0 while none is. */
  long retiredThrough();

  /** Shares and work of the shares up to there, per worker. */
  List<WorkerSum> retiredWorkers();

  /** Work of the shares up to there in an epoch of paying by the share, per account. */
  Map<String, BigInteger> retiredPpsWork(long epochId);

  /** Digest of a block's settlement that can no longer be computed from raw shares. */
  Optional<byte[]> retiredDigest(Hash256 hash);

  /** Newest sequence up to which shares that are paid as they come were paid. */
  long ppsAccruedThrough();

  /**
   * Sum of the balances of all ledger accounts whose names begin so, debit positive.
   *
   * @param prefix ends in a colon
   */
  long ledgerSum(String prefix);

  /** Balance of one ledger account, debit positive; 0 when it was never used. */
  long ledgerBalance(String account);

  /** Chain hash of the entry with that id, in hex. */
  Optional<String> chainAt(long entryId);

  /** Takes a worker's part of a bucket with its time; false ends. */
  @FunctionalInterface
  interface TimedPart {
    /** Takes one part. */
    boolean accept(int workerId, long lastMillis, long shares, BigInteger work);
  }

  /** Workers' parts of the buckets whose last share is not older, newest bucket first. */
  void partsDown(long sinceMillis, TimedPart consumer);

  /** How many blocks found in a span credited an account. */
  long countCredits(String account, long fromMillis, long toMillis);

  /** What an account earned from blocks found in a span, newest first. */
  List<AccountCredit> accountCredits(
      String account, long fromMillis, long toMillis, int offset, int limit);

  /** What one account is owed and was paid; nothing when it is unknown. */
  AccountMoney money(String account);

  /** The workers of one account, by name. */
  List<WorkerRow> workers(String account);

  /** How many payouts an account is or was part of. */
  long countPayouts(String account);

  /** The payouts an account is or was part of, newest first. */
  List<AccountPayout> accountPayouts(String account, int offset, int limit);

  /** The log of one account's settings, oldest first. */
  List<AccountChange> accountChanges(String account);

  /** When the ledger entries were posted whose key begins so, oldest first. */
  List<EntryTime> entryTimes(String prefix);
}
