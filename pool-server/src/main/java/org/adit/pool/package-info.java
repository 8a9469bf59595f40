/** The pool node: everything is wired together here. */
@NullMarked
package org.adit.pool;

import org.jspecify.annotations.NullMarked;
