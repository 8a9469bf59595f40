/**
 * Pays out what the pool owes: plans, reserves, has the node's wallet build and sign, stores before
 * it sends, and follows to finality.
 */
@NullMarked
package org.adit.pool.payouts;

import org.jspecify.annotations.NullMarked;
