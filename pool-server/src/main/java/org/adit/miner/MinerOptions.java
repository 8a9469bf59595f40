package org.adit.miner;

import java.time.Duration;
import java.util.Optional;
import org.adit.hasher.Difficulty;

/**
 * What a mining client needs to know.
 *
 * @param url the pool
 * @param user name to authorise, often {@code address.worker}
 * @param password usually {@code x}; pools read settings such as {@code d=0.001} from it
 * @param threads searching threads, 1 to 1024
 * @param suggestedDifficulty start difficulty to ask the pool for
 * @param attempts failed attempts to connect before the client gives up, as long as it was never
 *     authorised; 0: never. Once it was authorised it always comes back
 * @param timing how long it waits for what
 */
public record MinerOptions(
    PoolUrl url,
    String user,
    String password,
    int threads,
    Optional<Difficulty> suggestedDifficulty,
    int attempts,
    Timing timing) {

  /** Longest user and password; pools refuse far shorter ones. */
  public static final int MAX_NAME = 512;

  /** Checks the ranges. */
  public MinerOptions {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: 1 to 1024)");
    }
    if (attempts < 0) {
      throw new IllegalArgumentException("attempts: " + attempts + " (expected: 0 or more)");
    }
    if (user.isEmpty() || user.length() > MAX_NAME || password.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "user or password has a wrong length (expected: 1 to " + MAX_NAME + " characters)");
    }
  }

  /** Options with the usual values for all but the essentials. */
  public static MinerOptions of(PoolUrl url, String user, int threads) {
    return new MinerOptions(url, user, "x", threads, Optional.empty(), 10, Timing.usual());
  }

  /** The same with another password. */
  public MinerOptions withPassword(String other) {
    return new MinerOptions(url, user, other, threads, suggestedDifficulty, attempts, timing);
  }

  /** The same with a difficulty to ask for. */
  public MinerOptions withSuggestedDifficulty(Difficulty difficulty) {
    return new MinerOptions(
        url, user, password, threads, Optional.of(difficulty), attempts, timing);
  }

  /** The same with another number of first attempts. */
  public MinerOptions withAttempts(int other) {
    return new MinerOptions(url, user, password, threads, suggestedDifficulty, other, timing);
  }

  /** The same with other waits. */
  public MinerOptions withTiming(Timing other) {
    return new MinerOptions(url, user, password, threads, suggestedDifficulty, attempts, other);
  }

  /**
   * How long the client waits.
   *
   * @param connect for the TCP connection
   * @param configure for the answer to {@code mining.configure}; then it goes on without version
   *     rolling, as with pools that do not know the method
   * @param handshake for each answer to subscribe and authorize
   * @param reply for the answer to a share; then the connection is taken for dead
   * @param silence without any line; jobs come each minute or so, hence the pool is then taken for
   *     dead
   * @param backOffFirst before the first reconnection; doubled for each further one
   * @param backOffMost longest wait before a reconnection
   */
  public record Timing(
      Duration connect,
      Duration configure,
      Duration handshake,
      Duration reply,
      Duration silence,
      Duration backOffFirst,
      Duration backOffMost) {

    /** Waits that suit pools anywhere. */
    public static Timing usual() {
      return new Timing(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMillis(500),
          Duration.ofSeconds(10));
    }
  }
}
