package org.adit.pool.mining;

import org.adit.pool.work.MiningJob;

/**
 * A job as it was sent over one channel.
 *
 * @param job the job
 * @param requirement in force when it was sent; later raises do not touch it (R2, R3)
 * @param versionMask bits this channel may roll on it
 * @param sentAtMillis when, milliseconds since 1970
 */
public record ChannelJob(
    MiningJob job, ShareRequirement requirement, int versionMask, long sentAtMillis) {}
