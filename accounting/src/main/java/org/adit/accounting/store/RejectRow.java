package org.adit.accounting.store;

/** Rejected shares of one worker for one reason. */
public record RejectRow(int workerId, String reason, long count) {}
