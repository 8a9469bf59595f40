@NullMarked
package org.adit.accounting.shadow;

import org.jspecify.annotations.NullMarked;
