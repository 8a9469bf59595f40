/** Figures of the fleet over time, for people to look at. Money does not depend on them. */
@NullMarked
package org.adit.pool.stats;

import org.jspecify.annotations.NullMarked;
