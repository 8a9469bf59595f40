@NullMarked
package org.adit.accounting.scheme;

import org.jspecify.annotations.NullMarked;
