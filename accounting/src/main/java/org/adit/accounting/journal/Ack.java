package org.adit.accounting.journal;

import org.jspecify.annotations.Nullable;

/**
 * What the writer says about one share it took.
 *
 * @param sequence the share's place in the journal, at least 1; 0 when it was refused
 * @param share the share as offered
 * @param attachment whatever the lane's owner passed with it
 */
public record Ack(long sequence, ShareRecord share, @Nullable Object attachment) {}
