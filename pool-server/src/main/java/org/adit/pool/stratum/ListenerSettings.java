package org.adit.pool.stratum;

import org.adit.hasher.Difficulty;

/**
 * One listening port.
 *
 * @param host address to bind
 * @param port 0 for any free one
 * @param start difficulty of clients without a profile or a wish
 * @param minimum lowest difficulty
 * @param maximum highest difficulty
 * @param vardiff whether difficulties follow the hashrate
 * @param sharesPerSecond rate vardiff aims at
 * @param aboveNetwork announce difficulties above the network's. Only sensible on regtest, where
 *     any hash is a block half the time: it paces miners there. What is required of a share and
 *     credited for it stays at the network's target
 */
public record ListenerSettings(
    String host,
    int port,
    Difficulty start,
    Difficulty minimum,
    Difficulty maximum,
    boolean vardiff,
    double sharesPerSecond,
    boolean aboveNetwork) {

  /** The same listener on another port. */
  public ListenerSettings withPort(int other) {
    return new ListenerSettings(
        host, other, start, minimum, maximum, vardiff, sharesPerSecond, aboveNetwork);
  }
}
