/** Sums of journal runs in the database, and reward windows made from them. */
@NullMarked
package org.adit.accounting.bucket;

import org.jspecify.annotations.NullMarked;
