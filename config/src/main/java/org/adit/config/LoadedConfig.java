package org.adit.config;

/**
 * A configuration together with the places its values came from.
 *
 * @param config the checked values
 * @param positions where they stand in the file
 */
public record LoadedConfig(PoolConfig config, ConfigPositions positions) {}
