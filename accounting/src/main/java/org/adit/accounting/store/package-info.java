/** Everything that speaks SQL, behind one interface. */
@NullMarked
package org.adit.accounting.store;

import org.jspecify.annotations.NullMarked;
