/** Tests of the hasher. */
@NullMarked
package org.adit.hasher;

import org.jspecify.annotations.NullMarked;
