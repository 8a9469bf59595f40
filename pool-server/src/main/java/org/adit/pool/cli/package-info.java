/** The command line. */
@NullMarked
package org.adit.pool.cli;

import org.jspecify.annotations.NullMarked;
