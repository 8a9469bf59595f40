package org.adit.accounting.store;

import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;

/**
 * What an account earned from a block, its workers together.
 *
 * @param weight in the block's window
 */
public record AccountCredit(BlockRow block, Rational weight, Amounts amounts) {}
