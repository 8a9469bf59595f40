package org.adit.pool.work;

/**
 * Whom the coinbases of one template pay. Asked by every connection for every job, so its first two
 * methods only look up what is there. Thread-safe.
 */
public interface CoinbasePlan {
  /**
   * The smallest class whose coinbases pay the same outputs as this one's: its job serves both.
   * Where few are paid, {@link CoinbaseClass#EVERYBODY} for all.
   */
  CoinbaseClass layout(CoinbaseClass devices);

  /**
   * Accounts with equal keys are paid by the same coinbase and therefore share jobs. Custodial
   * schemes return one constant, solo mining returns the account.
   *
   * @param layout as {@link #layout} gives it
   */
  String jobKey(String account, CoinbaseClass layout);

  /**
   * The payouts of a block found by this account. Their sum is the template's coinbase value.
   *
   * @param layout as {@link #layout} gives it
   * @throws IllegalArgumentException when the account has no payout script
   */
  CoinbasePayouts payouts(String account, CoinbaseClass layout);
}
