package org.adit.accounting.store;

import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.WorkerKey;

/**
 * What a worker earned from a block.
 *
 * @param workerId 0 for the reserve
 */
public record CreditRow(int workerId, WorkerKey worker, Rational weight, Amounts amounts) {}
