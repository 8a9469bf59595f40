package org.adit.pool.work;

/**
 * The same coinbase for everybody, short enough for every device.
 *
 * @param payouts whom it pays
 */
public record OneCoinbase(CoinbasePayouts payouts) implements CoinbasePlan {
  @Override
  public CoinbaseClass layout(CoinbaseClass devices) {
    return CoinbaseClass.EVERYBODY;
  }

  @Override
  public String jobKey(String account, CoinbaseClass layout) {
    return "";
  }

  @Override
  public CoinbasePayouts payouts(String account, CoinbaseClass layout) {
    return payouts;
  }
}
