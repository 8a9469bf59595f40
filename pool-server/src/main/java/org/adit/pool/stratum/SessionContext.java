package org.adit.pool.stratum;

import java.util.function.LongSupplier;
import org.adit.pool.mining.ChannelContext;
import org.adit.pool.mining.ExtranonceSpace;
import org.adit.pool.mining.WorkerDirectory;
import org.adit.pool.work.JobBook;

/**
 * What the sessions of one event loop need.
 *
 * @param channels for the mining channels
 * @param workers who may mine
 * @param extranonces where prefixes come from
 * @param jobs the current work
 * @param limits bounds on connections
 * @param serverMask version bits miners may roll at most
 * @param onePayoutAccount whether all workers of a connection must share the payout account, as in
 *     solo mining, where the coinbase pays it
 * @param sessions the open sessions of this loop
 * @param sessionIds random numbers nobody can guess
 */
public record SessionContext(
    ChannelContext channels,
    WorkerDirectory workers,
    ExtranonceSpace extranonces,
    JobBook jobs,
    StratumLimits limits,
    int serverMask,
    boolean onePayoutAccount,
    SessionSet sessions,
    LongSupplier sessionIds) {}
