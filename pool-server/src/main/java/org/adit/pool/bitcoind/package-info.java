/**
 * The pool's side of bitcoind: JSON-RPC, block templates pushed as they change, block submission,
 * and a private node for demo and tests. Knows the settings and the hasher's value types, nothing
 * else of the pool.
 */
@NullMarked
package org.adit.pool.bitcoind;

import org.jspecify.annotations.NullMarked;
