@NullMarked
package org.adit.accounting.store;

import org.jspecify.annotations.NullMarked;
