package org.adit.config;

import java.util.Optional;

/**
 * An account name miners may use in place of a payout address.
 *
 * @param name what stands before the first dot of the miner's user name: {@code
 *     [A-Za-z0-9_-]{1,64}}
 * @param address where its money goes, as written; network and checksum are not checked here
 * @param thresholdSat smallest payout it wants, in satoshi; empty: the pool's
 */
public record AccountConfig(String name, String address, Optional<Long> thresholdSat) {}
