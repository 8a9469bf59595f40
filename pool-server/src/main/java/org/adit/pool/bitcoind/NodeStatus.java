package org.adit.pool.bitcoind;

import java.time.Instant;
import java.util.Optional;
import org.adit.hasher.Hash256;

/**
 * One of the pool's nodes at one moment, for people to look at.
 *
 * @param priority its place in the settings, from 1; 1 is preferred
 * @param url its JSON-RPC address; holds no credentials
 * @param state whether it can serve, in words
 * @param inUse whether templates come from it now
 * @param silent whether it leaves a question unanswered for longer than is allowed
 * @param behind whether another node has a tip with more work behind it
 * @param tip the block its newest template builds on; empty before the first
 * @param tipHeight that block's height; -1 before the first
 * @param templateAt when that template came; empty before the first
 */
public record NodeStatus(
    int priority,
    String url,
    NodeState state,
    boolean inUse,
    boolean silent,
    boolean behind,
    Optional<Hash256> tip,
    int tipHeight,
    Optional<Instant> templateAt) {}
