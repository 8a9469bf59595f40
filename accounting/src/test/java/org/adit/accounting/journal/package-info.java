@NullMarked
package org.adit.accounting.journal;

import org.jspecify.annotations.NullMarked;
