/** Share journal, reward schemes and the double-entry ledger. */
@NullMarked
package org.adit.accounting;

import org.jspecify.annotations.NullMarked;
