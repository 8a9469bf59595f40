/** SHA-256d engines, and exact target, difficulty and work arithmetic. */
@NullMarked
package org.adit.hasher;

import org.jspecify.annotations.NullMarked;
