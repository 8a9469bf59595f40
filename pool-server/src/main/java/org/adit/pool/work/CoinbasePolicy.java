package org.adit.pool.work;

import java.util.List;
import org.adit.pool.bitcoind.BlockTemplate;
import org.jspecify.annotations.Nullable;

/** Decides whom a coinbase pays. */
public interface CoinbasePolicy {
  /**
   * Accounts with equal keys are paid by the same coinbase and therefore share jobs. Custodial
   * schemes return one constant, solo mining returns the account.
   */
  String jobKey(String account);

  /**
   * The payouts of a block found by this account. Their sum is the template's coinbase value.
   *
   * @throws IllegalArgumentException when the account has no payout script
   */
  List<CoinbaseOutput> payouts(BlockTemplate template, String account);

  /**
   * The list those payouts were made from, where the coinbase pays miners by their work; null where
   * it does not.
   */
  default @Nullable FrozenList frozen(BlockTemplate template) {
    return null;
  }
}
