package org.adit.config;

import java.time.Duration;

/**
 * How often jobs are sent and how long they live (Stratum V1 specification 3.5 and 3.6).
 *
 * @param refreshInterval longest time a miner waits for a new job
 * @param lifetime how long a job of the current tip earns
 * @param previousTip how long jobs of the previous tip are remembered, so that blocks are
 *     recognised and stale shares named rightly
 * @param staleGrace how long after the new job was written a share of the previous tip is still
 *     credited
 * @param emptyFirst how long the full template of a new tip may take before work without
 *     transactions goes out; zero: however long it takes
 * @param warmUp whether the way of a block to the miners is run at start until it is compiled
 * @param versionMask version bits a miner may roll; never bits 29 to 31
 * @param maxPerConnection jobs remembered for one connection
 */
public record JobConfig(
    Duration refreshInterval,
    Duration lifetime,
    Duration previousTip,
    Duration staleGrace,
    Duration emptyFirst,
    boolean warmUp,
    int versionMask,
    int maxPerConnection) {

  /** The values that hold when the file says nothing. */
  public static JobConfig defaults() {
    return ConfigBuilder.jobs(SectionValues.defaultsOf(Settings.JOBS));
  }
}
