package org.adit.accounting.shadow;

/**
 * What an account would have earned under a scheme.
 *
 * @param sat for the blocks that were found
 * @param lowSat lower end of the band: what as much work earns on average with the fewest blocks
 *     that are not extraordinary for it
 * @param highSat the same with the most blocks
 */
public record Earned(long sat, long lowSat, long highSat) {}
