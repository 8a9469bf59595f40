package org.adit.accounting.store;

import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.adit.accounting.ledger.LedgerBook;
import org.adit.hasher.Hash256;

/** What can be changed inside a transaction. */
public interface StoreWriter extends StoreReader {

  /** Finds or makes a worker. */
  int registerWorker(String account, String worker, long nowMillis);

  /** Adds to the counts of rejected shares. */
  void addRejects(Collection<RejectRow> growth);

  /** Stores a rule and returns it with its id. */
  PayRule addPayRule(PayRule rule, long nowMillis);

  /** Stores a new bucket and returns its id. */
  long insertBucket(BucketRow bucket);

  /** Stores an existing bucket's new sums and end. */
  void updateBucket(BucketRow bucket);

  /** Adds to the workers' parts of a bucket. */
  void addToBucket(long bucketId, Collection<WorkerSum> growth);

  /**
   * Makes one bucket of several that follow each other, all of one network target; it keeps the id
   * of the first.
   *
   * @param ids at least two, oldest first
   */
  void mergeBuckets(List<Long> ids);

  /**
   * Adds to the workers' sums over all time.
   *
   * @param lastShareMillis newest share per worker id
   */
  void addToWorkers(Collection<WorkerSum> growth, Map<Integer, Long> lastShareMillis);

  /** Everything up to that sequence is in the buckets now. */
  void setFoldedSequence(long sequence);

  /** Stores a block and its credits. */
  void insertBlock(BlockRow block, List<CreditRow> credits);

  /**
   * Stores what the coinbase of a block that was inserted before paid to accounts.
   *
   * @param paidSat satoshi per account, each positive
   */
  void insertDirect(Hash256 hash, SortedMap<String, Long> paidSat);

  /** Stores the sum tree of a block that was inserted before. */
  void insertProof(Hash256 hash, ProofRow proof);

  /** Moves a block to another state. */
  void setBlockState(Hash256 hash, BlockState state, int transitions);

  /** The ledger within this transaction. */
  LedgerBook book(long nowMillis);

  /** Stores a new rate of paying by the share. */
  void addPpsRate(PpsRate rate);

  /** Finds or makes an epoch of paying by the share. */
  long ppsEpochId(long payRuleId, long rateId, int netBits);

  /** Stores the accrued work of accounts in an epoch. */
  void setPpsWork(long epochId, Map<String, BigInteger> work);

  /**
   * Raw shares up to a sequence may be removed.
   *
   * @param growth shares and work of those that may be since the last call, per worker
   */
  void retire(long throughSequence, Collection<WorkerSum> growth);

  /** Stores the work of retired shares of accounts in an epoch of paying by the share. */
  void setRetiredPpsWork(long epochId, Map<String, BigInteger> work);

  /**
   * Stores the digest of a block's settlement that can no longer be computed from raw shares.
   *
   * @param prorata whether its window's edge was cut inside a sum instead of inside a share
   */
  void addRetiredBlock(Hash256 hash, byte[] digest, boolean prorata);

  /** Everything up to that sequence is paid now, as far as it is paid by the share. */
  void setPpsAccruedThrough(long sequence);

  /** Appends to the log of account settings; makes the account when it is new. */
  void addAccountChange(AccountChange change);

  /** Stores a new payout with its items. */
  void insertPayout(PayoutRow payout);

  /** Moves a payout to a state. */
  void setPayoutState(String id, PayoutState state, String note, long nowMillis);

  /** Stores a new transaction of a payout. */
  void addAttempt(String id, PayoutRow.Attempt attempt);

  /** Stores the state, signature and size of a known transaction of a payout. */
  void setAttempt(String id, PayoutRow.Attempt attempt);
}
