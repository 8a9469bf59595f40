package org.adit.pool.mining;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.pool.work.CoinbaseClass;
import org.jspecify.annotations.Nullable;

/**
 * How to begin with a kind of miner, told from its user agent. Only tuning, no rights (Stratum V1
 * specification section 10).
 *
 * @param prefix of the user agent, lower case
 * @param start difficulty to begin with; empty takes the listener's
 * @param floor lowest difficulty, whatever it asks for; empty leaves it to the listener
 * @param fractions whether it understands difficulties below 1
 * @param coinbase how long a coinbase it takes; empty when that is not known
 */
public record ClientProfile(
    String prefix,
    Optional<Difficulty> start,
    Optional<Difficulty> floor,
    boolean fractions,
    Optional<CoinbaseClass> coinbase) {
  /** Of whoever is not known. */
  public static final ClientProfile OTHER =
      new ClientProfile("", Optional.empty(), Optional.empty(), false, Optional.empty());

  // The first that fits counts, so a longer name stands before its own beginning.
  private static final List<ClientProfile> KNOWN =
      List.of(
          of("adit-miner", Difficulty.powerOfTwo(-6), true, CoinbaseClass.BYTES_16000),
          of("cpuminer", Difficulty.powerOfTwo(-6), true, CoinbaseClass.BYTES_16000),
          of("nerdminer", Difficulty.powerOfTwo(-13), true, CoinbaseClass.BYTES_255),
          of("han_solominer", Difficulty.powerOfTwo(-13), true, CoinbaseClass.BYTES_255),
          of("bitaxe", Difficulty.of(1_024), false, CoinbaseClass.BYTES_6500),
          of("nerdqaxe", Difficulty.of(1_024), false, CoinbaseClass.BYTES_6500),
          of("nerdoctaxe", Difficulty.of(1_024), false, CoinbaseClass.BYTES_6500),
          of("antminer s21/", Difficulty.of(65_536), false, CoinbaseClass.BYTES_2250),
          of("antminer", Difficulty.of(65_536), false, CoinbaseClass.BYTES_750),
          of("bmminer", Difficulty.of(65_536), false, CoinbaseClass.BYTES_750),
          of("whatsminer", Difficulty.of(65_536), false, CoinbaseClass.BYTES_6500),
          of("bosminer", Difficulty.of(65_536), false, CoinbaseClass.BYTES_2250),
          of("bos", Difficulty.of(65_536), false, CoinbaseClass.BYTES_2250),
          of("braiins", Difficulty.of(65_536), false, CoinbaseClass.BYTES_2250),
          // ePIC's firmware and vnish name themselves so; their miners are as strong as any.
          of("powerplay-bm", Difficulty.of(65_536), false, CoinbaseClass.BYTES_16000),
          of("xminer-1.", Difficulty.of(65_536), false, CoinbaseClass.BYTES_16000),
          of("vnish", Difficulty.of(65_536), false, CoinbaseClass.BYTES_16000),
          new ClientProfile(
              "nicehash",
              Optional.of(Difficulty.of(1_048_576)),
              Optional.of(Difficulty.of(524_288)),
              false,
              Optional.of(CoinbaseClass.BYTES_500)));

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
        // Who sets a difficulty for NerdMiners does not mean to send them what they cannot hold.
        return profile.coinbase.isPresent() ? profile : profile.with(known(lower).coinbase);
      }
    }
    return known(lower);
  }

  private static ClientProfile known(String lower) {
    for (ClientProfile profile : KNOWN) {
      if (lower.startsWith(profile.prefix)) {
        return profile;
      }
    }
    return OTHER;
  }

  private ClientProfile with(Optional<CoinbaseClass> size) {
    return new ClientProfile(prefix, start, floor, fractions, size);
  }

  private static ClientProfile of(
      String prefix, Difficulty start, boolean fractions, CoinbaseClass coinbase) {
    return new ClientProfile(
        prefix, Optional.of(start), Optional.empty(), fractions, Optional.of(coinbase));
  }
}
