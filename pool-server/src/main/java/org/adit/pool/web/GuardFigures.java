package org.adit.pool.web;

import org.jspecify.annotations.Nullable;

/**
 * What the node said to the pool's own blocks, work aside, before any was found.
 *
 * @param checked blocks shown to it since start
 * @param refused those it would have refused
 * @param blocked why nothing may be mined now; null when the node takes the blocks
 */
public record GuardFigures(long checked, long refused, @Nullable String blocked) {}
