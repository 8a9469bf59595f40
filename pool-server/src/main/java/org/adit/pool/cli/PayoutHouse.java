package org.adit.pool.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.OperatorAccounting;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.payouts.PayoutDesk;
import org.adit.pool.payouts.PayoutException;
import org.adit.pool.payouts.PayoutSettings;
import picocli.CommandLine.Option;

/** The option that says which pool is meant, and what its payouts need: books, node, desk. */
final class PayoutHouse {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int ID_RANDOM_BYTES = 3;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The pool's configuration file.")
  private Path config = Path.of("");

  /** Books and desk, closed together. */
  record Open(OperatorAccounting books, RpcClient node, PayoutDesk desk) implements AutoCloseable {
    @Override
    public void close() {
      node.close();
      books.close();
    }
  }

  PoolConfig settings() throws ConfigException, CommandFailure {
    PoolConfig loaded = ConfigLoader.load(config).config();
    if (!Files.isDirectory(loaded.dataDir())) {
      throw new CommandFailure(
          1,
          "there is no data folder "
              + loaded.dataDir()
              + "; has the pool run with these settings?");
    }
    return loaded;
  }

  AccountingReader read() throws ConfigException, CommandFailure {
    return AccountingReader.open(settings().dataDir());
  }

  OperatorAccounting books() throws ConfigException, CommandFailure {
    return OperatorAccounting.open(settings().dataDir(), Clock.systemUTC());
  }

  Open open() throws ConfigException, CommandFailure, PayoutException {
    PoolConfig loaded = settings();
    OperatorAccounting books = OperatorAccounting.open(loaded.dataDir(), Clock.systemUTC());
    RpcClient node = RpcClient.of(loaded.bitcoind());
    boolean done = false;
    try {
      Open open =
          new Open(
              books,
              node,
              new PayoutDesk(
                  loaded.dataDir(),
                  books,
                  node,
                  PayoutSettings.of(loaded),
                  Clock.systemUTC(),
                  () -> newId(Clock.systemUTC().instant(), new SecureRandom())));
      done = true;
      return open;
    } finally {
      if (!done) {
        node.close();
        books.close();
      }
    }
  }

  /** The time, for people, and chance, so that no two are alike. */
  static String newId(Instant now, SecureRandom random) {
    byte[] bytes = new byte[ID_RANDOM_BYTES];
    random.nextBytes(bytes);
    return ID.format(now) + "-" + HexFormat.of().formatHex(bytes);
  }
}
