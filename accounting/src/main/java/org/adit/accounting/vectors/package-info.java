/** Runs accounting reference vectors against this module. */
@NullMarked
package org.adit.accounting.vectors;

import org.jspecify.annotations.NullMarked;
