package org.adit.pool.bitcoind;

import org.adit.config.Network;

/** New coins of a block. A chain with a rule of its own shows it in its templates. */
public final class Subsidy {
  private static final long FIRST_SAT = 5_000_000_000L;
  private static final int HALVING = 210_000;
  private static final int REGTEST_HALVING = 150;

  /** After so many halvings there is none. */
  public static final int HALVINGS = 64;

  private Subsidy() {}

  /** Blocks between two halvings. */
  public static int halving(Network network) {
    return network == Network.REGTEST ? REGTEST_HALVING : HALVING;
  }

  /** Satoshi of a block at that height. */
  public static long sat(Network network, int height) {
    int halvings = height / halving(network);
    return halvings >= HALVINGS ? 0 : FIRST_SAT >> halvings;
  }
}
