@NullMarked
package org.adit.accounting.vectors;

import org.jspecify.annotations.NullMarked;
