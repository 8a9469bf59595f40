package org.adit.pool.stratum;

import java.util.List;
import java.util.function.LongSupplier;
import org.adit.pool.mining.BanList;
import org.adit.pool.mining.ChannelContext;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.mining.DifficultyMemory;
import org.adit.pool.mining.ExtranonceSpace;
import org.adit.pool.mining.WorkerDirectory;
import org.adit.pool.recall.SeatBook;
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
 * @param memory sessions that ended lately
 * @param seats where connections are written down for the next start of the pool
 * @param difficulties where workers left off
 * @param bans who is kept out
 * @param profiles the operator's client profiles
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
    SessionMemory memory,
    SeatBook seats,
    DifficultyMemory difficulties,
    BanList bans,
    List<ClientProfile> profiles,
    SessionSet sessions,
    LongSupplier sessionIds) {}
