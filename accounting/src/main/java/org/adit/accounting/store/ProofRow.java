package org.adit.accounting.store;

import org.adit.accounting.proof.SumNode;

/**
 * What is kept of a block's sum tree; the leaves follow from its credits.
 *
 * @param seed 32 secret bytes the leaves' nonces come from; treat as immutable
 * @param root what is published
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying secrets only spreads them.
public record ProofRow(byte[] seed, SumNode root) {}
