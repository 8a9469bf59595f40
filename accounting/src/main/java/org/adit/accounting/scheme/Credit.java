package org.adit.accounting.scheme;

/**
 * What one worker earns from a block.
 *
 * @param weight exact part of the window (units or work), 1 for SOLO
 */
public record Credit(WorkerKey worker, Rational weight, Amounts amounts) {}
