/**
 * Figures shown to people: hashrates, prices, margins, luck. The only room of this module where
 * numbers may be floating point; nothing here ever becomes an amount that is paid.
 */
@NullMarked
package org.adit.accounting.economics;

import org.jspecify.annotations.NullMarked;
