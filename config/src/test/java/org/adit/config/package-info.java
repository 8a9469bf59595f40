/** Tests of the settings and their loader. */
@NullMarked
package org.adit.config;

import org.jspecify.annotations.NullMarked;
