/** The demo: a private chain, a pool on it, miners, and something to watch. */
@NullMarked
package org.adit.pool.demo;

import org.jspecify.annotations.NullMarked;
