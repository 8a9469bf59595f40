package org.adit.pool.work;

import java.util.List;
import org.adit.pool.bitcoind.BlockTemplate;

/** Decides whom coinbases pay. */
@FunctionalInterface
public interface CoinbasePolicy {
  /** The plan for a template; asked once each time work is made of it. */
  CoinbasePlan plan(BlockTemplate template);

  /** Everything to one script: one job for everybody. */
  static CoinbasePolicy toOne(byte[] script) {
    byte[] own = script.clone();
    return template ->
        new OneCoinbase(
            new CoinbasePayouts(
                List.of(new CoinbaseOutput(own, template.coinbaseValueSat())), null));
  }
}
