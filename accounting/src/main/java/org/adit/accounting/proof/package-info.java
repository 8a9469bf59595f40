/** Proofs that a miner was counted, checkable without the database. */
@NullMarked
package org.adit.accounting.proof;

import org.jspecify.annotations.NullMarked;
