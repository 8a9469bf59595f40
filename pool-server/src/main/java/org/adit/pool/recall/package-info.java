/**
 * What a pool that starts again must still know of the miners it served before: their extranonces
 * and the jobs they were given, so that shares found meanwhile count.
 */
@NullMarked
package org.adit.pool.recall;

import org.jspecify.annotations.NullMarked;
