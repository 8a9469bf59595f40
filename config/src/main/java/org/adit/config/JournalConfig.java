package org.adit.config;

import java.time.Duration;

/**
 * The share journal.
 *
 * @param keep how long raw shares are kept at least; those inside a reward window are kept longer
 * @param evidence whether shares keep their whole header
 */
public record JournalConfig(Duration keep, boolean evidence) {}
