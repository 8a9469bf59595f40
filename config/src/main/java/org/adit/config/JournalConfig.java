package org.adit.config;

import java.time.Duration;

/**
 * The share journal.
 *
 * @param keep how long raw shares are kept at least; those inside a reward window are kept longer
 */
public record JournalConfig(Duration keep) {}
