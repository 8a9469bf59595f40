/** Turns block templates into coinbases, merkle branches and immutable mining jobs. */
@NullMarked
package org.adit.pool.work;

import org.jspecify.annotations.NullMarked;
