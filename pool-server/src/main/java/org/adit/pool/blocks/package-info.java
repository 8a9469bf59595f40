/**
 * What happens to a found block: to disk, to the node, into the ledger, followed until it matures.
 */
@NullMarked
package org.adit.pool.blocks;

import org.jspecify.annotations.NullMarked;
