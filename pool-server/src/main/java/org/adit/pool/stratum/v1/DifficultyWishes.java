package org.adit.pool.stratum.v1;

import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.mining.ShareRequirement;
import org.adit.pool.mining.Vardiff;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a miner, its kind and its port say about difficulty, and turns it into bounds for
 * vardiff. Used on one event loop.
 */
final class DifficultyWishes {
  private static final Difficulty ONE = Difficulty.of(1);
  private static final Difficulty CEILING = Difficulty.of(ShareRequirement.MAX_DIFFICULTY);
  private static final long SUGGESTION_MILLIS = 600_000;

  private final ListenerSettings listener;
  private ClientProfile profile = ClientProfile.OTHER;
  private Optional<Difficulty> remembered = Optional.empty();
  private PasswordOptions password = PasswordOptions.NONE;
  private @Nullable Difficulty suggested;
  private long suggestedAtMillis;
  private @Nullable Difficulty minimum;
  private boolean fractions;

  DifficultyWishes(ListenerSettings listener) {
    this.listener = listener;
    this.fractions = listener.start().compareTo(ONE) < 0;
  }

  void profile(ClientProfile known) {
    profile = known;
    fractions |= known.fractions();
  }

  /** Where the worker left off when it was here last. */
  void remembered(Optional<Difficulty> last) {
    remembered = listener.vardiff() ? last : Optional.empty();
    remembered.ifPresent(this::noteFraction);
  }

  void password(PasswordOptions options) {
    password = options;
    options.start().ifPresent(this::noteFraction);
    options.fixed().ifPresent(this::noteFraction);
    options.floor().ifPresent(this::noteFraction);
  }

  void minimum(Difficulty floor) {
    minimum = floor;
    noteFraction(floor);
  }

  /**
   * Takes a suggestion.
   *
   * @return whether it changes anything: it does not when it repeats the last one, as NerdMiner's
   *     keep-alive does, or when the owner typed a difficulty into the password
   */
  boolean suggest(Difficulty wanted, long nowMillis) {
    // Rented hashrate suggests low values whatever it is.
    if (!listener.heedSuggestions() || (suggested != null && wanted.equals(suggested))) {
      return false;
    }
    suggested = wanted;
    suggestedAtMillis = nowMillis;
    noteFraction(wanted);
    return heeded() != null;
  }

  /** Lets difficulties below 1 be tried, after the miner found nothing at 1. */
  void allowFractions() {
    fractions = true;
  }

  boolean fractionsAllowed() {
    return fractions;
  }

  /** The vardiff to begin with. */
  Vardiff start(Work work, long nowMillis) {
    Difficulty wanted = listener.start();
    // A port with a pinned difficulty means it for every kind of miner.
    if (listener.vardiff() && profile.start().isPresent()) {
      wanted = profile.start().get();
    }
    wanted = remembered.orElse(wanted);
    // A wish in the password was typed in by the owner; it wins over the firmware's.
    wanted = Optional.ofNullable(heeded()).orElse(wanted);
    wanted = password.start().orElse(wanted);
    wanted = password.fixed().orElse(wanted);
    boolean follow = listener.vardiff() && password.fixed().isEmpty();
    return new Vardiff(
        new Vardiff.Settings(listener.sharesPerSecond(), follow),
        wanted,
        floor(work, nowMillis),
        cap(work),
        nowMillis);
  }

  /** Lowest difficulty now. */
  Difficulty floor(Work work, long nowMillis) {
    Difficulty floor = listener.minimum();
    if (!fractions) {
      floor = max(floor, ONE);
    }
    if (minimum != null) {
      floor = max(floor, minimum);
    }
    floor = max(floor, password.floor().orElse(floor));
    floor = max(floor, password.start().orElse(floor));
    floor = max(floor, profile.floor().orElse(floor));
    Difficulty suggestion = heeded();
    if (suggestion != null && nowMillis - suggestedAtMillis < SUGGESTION_MILLIS) {
      floor = max(floor, suggestion);
    }
    return min(floor, cap(work));
  }

  /** Highest difficulty now: no share is harder than a block. */
  Difficulty cap(Work work) {
    Difficulty cap = min(listener.maximum(), CEILING);
    if (listener.aboveNetwork()) {
      return cap;
    }
    Target network = work.template().target();
    return min(cap, Difficulty.ofTarget(network).floorToPowerOfTwo());
  }

  // A difficulty in the password wins for the whole session (2.7).
  private @Nullable Difficulty heeded() {
    boolean typedIn = password.start().isPresent() || password.fixed().isPresent();
    return typedIn ? null : suggested;
  }

  private void noteFraction(Difficulty asked) {
    fractions |= asked.compareTo(ONE) < 0;
  }

  private static Difficulty max(Difficulty a, Difficulty b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Difficulty min(Difficulty a, Difficulty b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
