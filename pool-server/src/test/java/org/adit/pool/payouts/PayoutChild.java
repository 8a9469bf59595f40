package org.adit.pool.payouts;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.adit.accounting.OperatorAccounting;
import org.adit.accounting.address.AddressNetwork;
import org.adit.config.RpcCredentials;
import org.adit.config.WalletConfig;
import org.adit.pool.bitcoind.RpcClient;

/** A payout command in a process of its own that stands still at a named point, to be killed. */
final class PayoutChild {
  private PayoutChild() {}

  /** Arguments: data folder, RPC address, cookie file, wallet, pool address, payout id, point. */
  public static void main(String[] args) throws Exception {
    WalletConfig wallet =
        new WalletConfig(
            Optional.of(args[3]),
            1_000,
            WalletConfig.FeePayer.MINERS,
            144,
            50,
            500,
            Duration.ofHours(12));
    PayoutSettings settings =
        new PayoutSettings("regtest", AddressNetwork.REGTEST, Optional.of(args[4]), wallet, 6);
    try (OperatorAccounting books = OperatorAccounting.open(Path.of(args[0]), Clock.systemUTC());
        RpcClient node =
            new RpcClient(
                URI.create(args[1]),
                new RpcCredentials.Cookie(Path.of(args[2])),
                Duration.ofSeconds(20))) {
      new PayoutDesk(
              Path.of(args[0]),
              books,
              node,
              settings,
              Clock.systemUTC(),
              () -> args[5],
              point -> {
                if (point.equals(args[6])) {
                  System.out.println("AT " + point);
                  System.out.flush();
                  while (true) {
                    LockSupport.park();
                  }
                }
              })
          .run();
    }
  }
}
