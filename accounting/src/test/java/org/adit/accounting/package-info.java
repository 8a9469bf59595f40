@NullMarked
package org.adit.accounting;

import org.jspecify.annotations.NullMarked;
