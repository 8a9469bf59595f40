package org.adit.pool.mining;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.jspecify.annotations.Nullable;

/**
 * How to begin with a kind of miner, told from its user agent. Only tuning, no rights (Stratum V1
 * specification section 10).
 *
 * @param prefix of the user agent, lower case
 * @param start difficulty to begin with; empty takes the listener's
 * @param floor lowest difficulty, whatever it asks for; empty leaves it to the listener
 * @param fractions whether it understands difficulties below 1
 */
public record ClientProfile(
    String prefix, Optional<Difficulty> start, Optional<Difficulty> floor, boolean fractions) {
  /** Of whoever is not known. */
  public static final ClientProfile OTHER =
      new ClientProfile("", Optional.empty(), Optional.empty(), false);

  private static final List<ClientProfile> KNOWN =
      List.of(
          of("adit-miner", Difficulty.powerOfTwo(-6), true),
          of("cpuminer", Difficulty.powerOfTwo(-6), true),
          of("nerdminer", Difficulty.powerOfTwo(-13), true),
          of("han_solominer", Difficulty.powerOfTwo(-13), true),
          of("bitaxe", Difficulty.of(1_024), false),
          of("nerdqaxe", Difficulty.of(1_024), false),
          of("nerdoctaxe", Difficulty.of(1_024), false),
          of("antminer", Difficulty.of(65_536), false),
          of("bmminer", Difficulty.of(65_536), false),
          of("whatsminer", Difficulty.of(65_536), false),
          of("bosminer", Difficulty.of(65_536), false),
          of("bos", Difficulty.of(65_536), false),
          new ClientProfile(
              "nicehash",
              Optional.of(Difficulty.of(1_048_576)),
              Optional.of(Difficulty.of(524_288)),
              false));

  /**
   * The profile of a user agent; a general one when there is none or it is not known.
   *
   * @param configured the operator's, which come before the built-in ones; prefixes in lower case
   */
  public static ClientProfile of(@Nullable String userAgent, List<ClientProfile> configured) {
    if (userAgent == null) {
      return OTHER;
    }
    String lower = userAgent.toLowerCase(Locale.ROOT);
    for (ClientProfile profile : configured) {
      if (lower.startsWith(profile.prefix)) {
        return profile;
      }
    }
    for (ClientProfile profile : KNOWN) {
      if (lower.startsWith(profile.prefix)) {
        return profile;
      }
    }
    return OTHER;
  }

  private static ClientProfile of(String prefix, Difficulty start, boolean fractions) {
    return new ClientProfile(prefix, Optional.of(start), Optional.empty(), fractions);
  }
}
