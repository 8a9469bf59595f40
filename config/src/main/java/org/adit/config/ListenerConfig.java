package org.adit.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One Stratum port.
 *
 * @param host address or host name to bind
 * @param port TCP port; 0 takes any free one
 * @param startDifficulty share difficulty of a new connection
 * @param minDifficulty lowest difficulty on this port, not above the start
 * @param maxDifficulty highest difficulty on this port, not below the start
 * @param vardiff whether the difficulty follows the miner's hashrate
 * @param aboveNetwork regtest only: difficulties above the network's are announced, to pace a chain
 *     whose every hash may be a block. Such a port loses blocks below the share difficulty
 * @param heedSuggestions whether a miner's suggested difficulty counts
 * @param coinbaseBytes longest coinbase sent on this port, when it is not left to each device
 * @param tls certificate and key, when the port takes TLS too
 * @param proxyProtocolFrom addresses and networks whose connections begin with a PROXY header,
 *     separated by commas; empty for none
 */
public record ListenerConfig(
    String host,
    int port,
    BigDecimal startDifficulty,
    BigDecimal minDifficulty,
    BigDecimal maxDifficulty,
    boolean vardiff,
    boolean aboveNetwork,
    boolean heedSuggestions,
    Optional<Integer> coinbaseBytes,
    Optional<Tls> tls,
    String proxyProtocolFrom) {

  /**
   * What a TLS server shows.
   *
   * @param certificate PEM file with the chain
   * @param key PEM file with the private key
   */
  public record Tls(Path certificate, Path key) {}
}
