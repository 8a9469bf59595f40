/** Measures the engines on the machine at hand. */
@NullMarked
package org.adit.hasher.bench;

import org.jspecify.annotations.NullMarked;
