@NullMarked
package org.adit.load;

import org.jspecify.annotations.NullMarked;
