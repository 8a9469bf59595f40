@NullMarked
package org.adit.accounting.bucket;

import org.jspecify.annotations.NullMarked;
