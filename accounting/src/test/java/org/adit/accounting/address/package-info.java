@NullMarked
package org.adit.accounting.address;

import org.jspecify.annotations.NullMarked;
