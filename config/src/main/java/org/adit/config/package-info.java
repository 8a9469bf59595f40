/** Typed, immutable settings of the pool, and the TOML loader that reads them. */
@NullMarked
package org.adit.config;

import org.jspecify.annotations.NullMarked;
