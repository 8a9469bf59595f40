package org.adit.pool.demo;

import java.nio.file.Path;
import org.adit.config.Network;

/**
 * What the demo is asked for.
 *
 * @param chain regtest or signet (with challenge 51)
 * @param blocks ends after that many blocks of the pool; 0 goes on until it is stopped
 * @param folder where node and pool keep their data
 * @param threads searching threads of each of the two miners
 */
public record DemoOptions(Network chain, int blocks, Path folder, int threads) {
  /** Checks the chain and the counts. */
  public DemoOptions {
    if (chain != Network.REGTEST && chain != Network.SIGNET) {
      throw new IllegalArgumentException("chain is " + chain + " (expected: regtest or signet)");
    }
    if (blocks < 0 || threads < 1) {
      throw new IllegalArgumentException(
          "blocks is " + blocks + ", threads is " + threads + " (expected: >= 0 and >= 1)");
    }
  }
}
