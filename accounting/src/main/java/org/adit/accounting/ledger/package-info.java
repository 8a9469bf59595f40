/** Double-entry postings and the rules that hold them together; no SQL and no files. */
@NullMarked
package org.adit.accounting.ledger;

import org.jspecify.annotations.NullMarked;
