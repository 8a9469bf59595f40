package org.adit.pool.stratum.v1;

import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last notify line of one event loop, because one job goes to many connections in a
 * row. Used on one event loop.
 */
final class NotifyLines {
  private @Nullable MiningJob job;
  private boolean clean;
  private byte[] line = new byte[0];

  @SuppressWarnings("ReferenceEquality") // a job is never made twice
  byte[] of(MiningJob wanted, boolean wantedClean) {
    if (job != wanted || clean != wantedClean) {
      line = V1Encoder.notify(wanted, wantedClean);
      job = wanted;
      clean = wantedClean;
    }
    return line;
  }
}
