@NullMarked
package org.adit.accounting.ledger;

import org.jspecify.annotations.NullMarked;
