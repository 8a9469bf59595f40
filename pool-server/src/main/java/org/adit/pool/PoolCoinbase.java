package org.adit.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.adit.accounting.scheme.FeePpm;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbasePayouts;
import org.adit.pool.work.CoinbasePlan;
import org.adit.pool.work.CoinbasePolicy;
import org.jspecify.annotations.Nullable;

/**
 * The two ways this pool pays coinbases of one or two outputs: to itself, or to the finder. Every
 * device takes them, so all share a job.
 */
final class PoolCoinbase {
  private PoolCoinbase() {}

  /** Everything to the pool, which owes it to its miners (custodial schemes). */
  static CoinbasePolicy custodial(byte[] poolScript) {
    return CoinbasePolicy.toOne(poolScript);
  }

  /**
   * Everything but the fee to the account that finds the block.
   *
   * @param scripts script of an account
   * @param fee the pool's part
   * @param poolScript where the fee goes; needed when there is one
   */
  static CoinbasePolicy solo(
      Function<String, byte[]> scripts, FeePpm fee, byte @Nullable [] poolScript) {
    return template -> new ToFinder(template, scripts, fee, poolScript);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ToFinder(
      BlockTemplate template,
      Function<String, byte[]> scripts,
      FeePpm fee,
      byte @Nullable [] poolScript)
      implements CoinbasePlan {
    @Override
    public CoinbaseClass layout(CoinbaseClass devices) {
      return CoinbaseClass.EVERYBODY;
    }

    @Override
    public String jobKey(String account, CoinbaseClass layout) {
      return account;
    }

    @Override
    public CoinbasePayouts payouts(String account, CoinbaseClass layout) {
      long feeSat =
          FeePpm.fee(template.subsidySat(), fee.subsidyPpm())
              + FeePpm.fee(template.feesSat(), fee.feesPpm());
      List<CoinbaseOutput> outputs = new ArrayList<>();
      outputs.add(new CoinbaseOutput(scripts.apply(account), template.coinbaseValueSat() - feeSat));
      if (feeSat > 0 && poolScript != null) {
        outputs.add(new CoinbaseOutput(poolScript, feeSat));
      }
      return new CoinbasePayouts(outputs, null);
    }
  }
}
