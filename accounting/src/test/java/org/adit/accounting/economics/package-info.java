@NullMarked
package org.adit.accounting.economics;

import org.jspecify.annotations.NullMarked;
