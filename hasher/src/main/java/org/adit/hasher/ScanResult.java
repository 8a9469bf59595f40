package org.adit.hasher;

/**
 * How far a scan came.
 *
 * @param hashes headers tried: nonces times {@link HeaderScanner#versionsPerNonce}
 * @param nextNonce the first nonce (unsigned) that was not tried; where to go on
 */
public record ScanResult(long hashes, int nextNonce) {}
