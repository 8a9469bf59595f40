/** What is paid out and how it is laid into transactions; pure functions. */
@NullMarked
package org.adit.accounting.payout;

import org.jspecify.annotations.NullMarked;
