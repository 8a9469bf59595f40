@NullMarked
package org.adit.accounting.bench;

import org.jspecify.annotations.NullMarked;
