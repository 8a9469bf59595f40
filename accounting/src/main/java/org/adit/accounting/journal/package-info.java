/**
 * The share journal: an append-only row of preallocated segment files, forced to disk before a
 * share is acknowledged.
 */
@NullMarked
package org.adit.accounting.journal;

import org.jspecify.annotations.NullMarked;
