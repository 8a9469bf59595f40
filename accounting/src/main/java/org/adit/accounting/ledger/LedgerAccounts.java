package org.adit.accounting.ledger;

/** Names of ledger accounts. Miner accounts and batch ids are the only parts that vary. */
public final class LedgerAccounts {
  /** Coinbase outputs to the pool's scripts that are not mature. */
  public static final String IMMATURE = "asset:immature";

  /** Mature and confirmed coins. */
  public static final String WALLET = "asset:wallet";

  public static final String RESERVE = "liab:reserve";
  public static final String POOL_FEE_PENDING = "income:poolfee_pending";
  public static final String POOL_FEE = "income:poolfee";
  public static final String TX_FEE = "expense:txfee";
  public static final String ORPHAN_LOSS = "expense:orphan";

  /** Blocks of schemes that pay shares at once (PPS family). */
  public static final String BLOCK_INCOME = "income:block";

  /** What those schemes owe for shares. */
  public static final String PPS_EXPENSE = "expense:pps";

  /** Operator's coins set aside to carry the luck of schemes that pay by the share. */
  public static final String PPS_RESERVE = "equity:pps_reserve";

  /** The operator's own coins in the pool's wallet. */
  public static final String OPERATOR = "equity:operator";

  /** Miner name under which an unfilled window's part is pending. */
  public static final String RESERVE_MINER = "~reserve";

  /** Everything the pool owes. */
  public static final String LIABILITIES = "liab:";

  /** The part of it that waits for blocks to mature. */
  public static final String PENDING_PREFIX = "liab:pending:";

  private static final String PAYABLE_PREFIX = "liab:payable:";
  private static final String SUBSIDY_SUFFIX = ":subsidy";
  private static final String FEES_SUFFIX = ":txfees";

  private LedgerAccounts() {}

  /** Subsidy owed to a miner from immature blocks. */
  public static String pendingSubsidy(String miner) {
    return PENDING_PREFIX + miner + SUBSIDY_SUFFIX;
  }

  /** Transaction fees owed to a miner from immature blocks. */
  public static String pendingFees(String miner) {
    return PENDING_PREFIX + miner + FEES_SUFFIX;
  }

  /** What may be paid to a miner; for the reserve, the reserve itself. */
  public static String payable(String miner) {
    return miner.equals(RESERVE_MINER) ? RESERVE : PAYABLE_PREFIX + miner;
  }

  /** Reserved by a payout that is not confirmed. */
  public static String inflight(String batch) {
    return "liab:inflight:" + batch;
  }

  /** Held for a miner because a coinbase had no room for it. */
  public static String carry(String miner) {
    return "liab:carry:" + miner;
  }

  /** Whether the account is something the pool owes. */
  public static boolean isLiability(String account) {
    return account.startsWith("liab:");
  }

  /** Whether the account is owed from immature blocks. */
  public static boolean isPending(String account) {
    return account.startsWith(PENDING_PREFIX);
  }

  /** The miner of a pending account. */
  static String minerOfPending(String account) {
    String suffix = account.endsWith(FEES_SUFFIX) ? FEES_SUFFIX : SUBSIDY_SUFFIX;
    return account.substring(PENDING_PREFIX.length(), account.length() - suffix.length());
  }

  /** Whether the account holds mature coins of a miner or of the reserve. */
  public static boolean isPayable(String account) {
    return account.startsWith(PAYABLE_PREFIX) || account.equals(RESERVE);
  }

  /** The miner of a payable account; the reserve's own name for the reserve. */
  public static String minerOfPayable(String account) {
    return account.equals(RESERVE) ? RESERVE_MINER : account.substring(PAYABLE_PREFIX.length());
  }

  /** Whether a balance is on the account's own side: no asset below zero, no liability negative. */
  public static boolean isPermitted(String account, long balance) {
    if (account.startsWith("asset:")) {
      return balance >= 0;
    }
    return !account.startsWith("liab:") || balance <= 0;
  }
}
