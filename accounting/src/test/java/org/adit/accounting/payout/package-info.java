@NullMarked
package org.adit.accounting.payout;

import org.jspecify.annotations.NullMarked;
