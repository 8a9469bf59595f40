package org.adit.pool.payouts;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import org.adit.accounting.MoneyBooks;
import org.adit.pool.bitcoind.RpcClient;

/** Payout desks that die at a named point. */
public final class StoppingDesk {

  /** The point was reached. */
  public static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private StoppingDesk() {}

  /** A desk whose work ends with an exception at a point: reserved, built, stored, sent. */
  public static PayoutDesk at(
      String point,
      Path dataDir,
      MoneyBooks books,
      RpcClient node,
      PayoutSettings settings,
      Clock clock,
      Supplier<String> ids)
      throws PayoutException {
    return new PayoutDesk(
        dataDir,
        books,
        node,
        settings,
        clock,
        ids,
        reached -> {
          if (reached.equals(point)) {
            throw new Stopped();
          }
        });
  }
}
