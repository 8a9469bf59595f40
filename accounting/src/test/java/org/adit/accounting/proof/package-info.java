@NullMarked
package org.adit.accounting.proof;

import org.jspecify.annotations.NullMarked;
