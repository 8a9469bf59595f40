package org.adit.pool.stratum;

import java.nio.file.Path;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.pool.work.CoinbaseClass;

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
 * @param heedSuggestions whether a miner's suggested difficulty counts
 * @param coinbase the longest coinbases sent, which devices nobody knows are taken to understand;
 *     empty sends each kind what it is known to take
 * @param tls certificate and key, when the port takes TLS as well as plain connections
 * @param proxies whose connections begin with a PROXY header
 */
public record ListenerSettings(
    String host,
    int port,
    Difficulty start,
    Difficulty minimum,
    Difficulty maximum,
    boolean vardiff,
    double sharesPerSecond,
    boolean aboveNetwork,
    boolean heedSuggestions,
    Optional<CoinbaseClass> coinbase,
    Optional<Tls> tls,
    AddressSet proxies) {

  /**
   * What a TLS server shows.
   *
   * @param certificate PEM file with the chain
   * @param key PEM file with the private key
   */
  public record Tls(Path certificate, Path key) {}

  /**
   * What is sent to a kind of miner here.
   *
   * @param known how long a coinbase it takes; empty when nobody knows
   */
  public CoinbaseClass coinbaseFor(Optional<CoinbaseClass> known) {
    CoinbaseClass here = coinbase.orElse(known.orElse(CoinbaseClass.UNKNOWN));
    return here.orSmaller(known.orElse(here));
  }

  /** The same listener on another port. */
  public ListenerSettings withPort(int other) {
    return new ListenerSettings(
        host,
        other,
        start,
        minimum,
        maximum,
        vardiff,
        sharesPerSecond,
        aboveNetwork,
        heedSuggestions,
        coinbase,
        tls,
        proxies);
  }
}
