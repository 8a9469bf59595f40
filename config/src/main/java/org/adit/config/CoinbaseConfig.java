package org.adit.config;

/**
 * What the pool writes into its blocks.
 *
 * @param tag text in the coinbase input: printable ASCII, at most 60 characters, may be empty
 * @param maxBytes longest coinbase when it pays miners, whatever a device takes
 */
public record CoinbaseConfig(String tag, int maxBytes) {}
