package org.adit.pool.blocks;

import org.adit.accounting.scheme.SchemeKind;
import org.adit.pool.mining.BlockCandidate;

/**
 * A candidate with the scheme that was in force when it was found: a restart may come with another
 * one, and the block is still paid as its coinbase promised.
 *
 * @param candidate the block
 * @param scheme how its reward is shared
 */
public record StoredCandidate(BlockCandidate candidate, SchemeKind scheme) {}
