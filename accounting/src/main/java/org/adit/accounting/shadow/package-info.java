/** What accounts would have earned under other schemes: the same windows, nothing stored. */
@NullMarked
package org.adit.accounting.shadow;

import org.jspecify.annotations.NullMarked;
