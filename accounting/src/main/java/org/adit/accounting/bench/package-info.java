/** Measures the accounting's speed on this machine. */
@NullMarked
package org.adit.accounting.bench;

import org.jspecify.annotations.NullMarked;
