/** Reward schemes: pure functions from shares and block amounts to credits, in exact integers. */
@NullMarked
package org.adit.accounting.scheme;

import org.jspecify.annotations.NullMarked;
