/** Payout addresses, their networks, scripts and dust thresholds. */
@NullMarked
package org.adit.accounting.address;

import org.jspecify.annotations.NullMarked;
