/**
 * A CPU mining client for Stratum V1 pools, Adit's or any other: {@link org.adit.miner.MinerClient}
 * is the way in.
 *
 * <p>One thread talks to the pool ({@code StratumSession} is the protocol, without sockets), the
 * others search on the hasher's scanners; {@code WorkBoard} hands them the newest job.
 */
@NullMarked
package org.adit.miner;

import org.jspecify.annotations.NullMarked;
