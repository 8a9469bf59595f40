package org.adit.pool.payouts;

import org.adit.accounting.store.PayoutRow.Input;

/** A confirmed native segwit output of the wallet that nobody has locked. */
record Coin(Input input, long sat) {}
