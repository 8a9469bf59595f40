package org.adit.pool.bitcoind;

import java.time.Duration;
import org.adit.config.BitcoindConfig;

/**
 * What a {@link TemplateSource} does beyond bringing templates.
 *
 * @param longPolling whether to learn of tips by long poll too
 * @param weighsTips whether to ask for the work behind each tip, so that nodes can be compared
 * @param emptyFirst how long a new tip's full template may take before an empty one goes out; zero:
 *     however long
 * @param poll longest time between two questions for the best block
 */
record SourceOptions(boolean longPolling, boolean weighsTips, Duration emptyFirst, Duration poll) {

  /** Those of a node that stands alone and is waited for. */
  static SourceOptions of(BitcoindConfig config) {
    return new SourceOptions(true, false, Duration.ZERO, config.pollInterval());
  }
}
