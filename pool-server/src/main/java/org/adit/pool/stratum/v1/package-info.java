/** Stratum V1: line codec and session; hex, word swaps and JSON stop here. */
@NullMarked
package org.adit.pool.stratum.v1;

import org.jspecify.annotations.NullMarked;
