package org.adit.pool.bitcoind;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.adit.config.Network;

/** A program that starts a node and then never ends by itself; {@link LocalNodeIT} ends it. */
final class LocalNodeHolder {
  private LocalNodeHolder() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    LocalNode node = LocalNode.start(Network.REGTEST, folder);
    Files.writeString(folder.resolve("ready"), String.valueOf(node.isAlive()));
    new CountDownLatch(1).await();
  }
}
