package org.adit.pool.mining;

import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What all channels of one event loop share.
 *
 * @param shares hashes shares together
 * @param requirements what shares must meet
 * @param gate the way into the share journal
 * @param candidates where blocks go
 * @param rejects where refused shares are counted
 * @param lifetimes how long shares are taken
 * @param counters the pool's totals
 * @param clock wall clock
 * @param loop runs tasks on the event loop
 */
public record ChannelContext(
    ShareBatch shares,
    Requirements requirements,
    ShareGate gate,
    BlockCandidates candidates,
    RejectLog rejects,
    JobLifetimes lifetimes,
    PoolCounters counters,
    Clock clock,
    Executor loop) {}
