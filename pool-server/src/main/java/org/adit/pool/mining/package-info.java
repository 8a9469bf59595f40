/** Protocol-neutral mining core: channels, share checks, vardiff, extranonce space, blocks. */
@NullMarked
package org.adit.pool.mining;

import org.jspecify.annotations.NullMarked;
