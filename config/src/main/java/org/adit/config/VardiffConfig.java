package org.adit.config;

/**
 * How share difficulty follows a miner's hashrate (Stratum V1 specification 9.2).
 *
 * @param sharesPerMinute accepted shares per minute and connection that the pool aims at
 */
public record VardiffConfig(int sharesPerMinute) {

  /** The values that hold when the file says nothing. */
  public static VardiffConfig defaults() {
    return ConfigBuilder.vardiff(SectionValues.defaultsOf(Settings.VARDIFF));
  }
}
