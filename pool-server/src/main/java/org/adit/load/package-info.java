/**
 * A load generator for Stratum V1 pools. It is a peer like the miner: it knows nothing of the
 * pool's own code, so that it measures Adit and any other pool by the same rule.
 */
@NullMarked
package org.adit.load;

import org.jspecify.annotations.NullMarked;
