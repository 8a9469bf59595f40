package org.adit.config;

import java.math.BigDecimal;

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
 */
public record ListenerConfig(
    String host,
    int port,
    BigDecimal startDifficulty,
    BigDecimal minDifficulty,
    BigDecimal maxDifficulty,
    boolean vardiff,
    boolean aboveNetwork) {}
