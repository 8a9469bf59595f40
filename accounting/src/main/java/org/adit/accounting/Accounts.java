package org.adit.accounting;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.store.AccountChange;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoreWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where accounts want their money and from which amount on. An address is an account by itself and
 * pays itself; a named account has a payout address. Changes are lines of a log that hold from a
 * journal sequence on; nothing is ever rewritten. Thread-safe.
 */
public final class Accounts {
  private static final Logger log = LoggerFactory.getLogger(Accounts.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int MAX_NOTE = 200;

  /**
   * An account's settings in force.
   *
   * @param name what miners write before the first dot
   * @param address payout address of a named account; empty: the name is the address
   * @param thresholdSat its own threshold; empty: the pool's
   */
  public record Account(String name, Optional<String> address, OptionalLong thresholdSat) {

    /** Where its money goes. */
    public String payTo() {
      return address.orElse(name);
    }
  }

  /**
   * An account of the configuration file.
   *
   * @param thresholdSat its own threshold; empty: the pool's
   */
  public record Configured(String name, PayoutAddress address, OptionalLong thresholdSat) {}

  private final AccountingStore store;
  private final Clock clock;

  Accounts(AccountingStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** The log of all changes, oldest first. */
  public List<AccountChange> changes() {
    return store.read(StoreReader::accountChanges);
  }

  /** Accounts with settings of their own, as in force now, by name. */
  public List<Account> list() {
    return store.read(
        reader -> List.copyOf(inForce(reader, nextSequence(reader), Long.MAX_VALUE).values()));
  }

  /** The settings an account has now; an unknown account pays the address it is named after. */
  public Account find(String name) {
    return store.read(reader -> of(reader, name, nextSequence(reader), Long.MAX_VALUE));
  }

  static Account of(StoreReader reader, String name, long sequence, long change) {
    Account found = inForce(reader.accountChanges(name), sequence, change).get(name);
    return found == null ? new Account(name, Optional.empty(), OptionalLong.empty()) : found;
  }

  /** The sequence of the next share: a change from there on holds at once for payouts. */
  static long nextSequence(StoreReader reader) {
    return reader.foldedSequence() + 1;
  }

  /** Settings at a sequence, as the log stood after one of its lines. */
  static SortedMap<String, Account> inForce(StoreReader reader, long sequence, long newest) {
    return inForce(reader.accountChanges(), sequence, newest);
  }

  private static SortedMap<String, Account> inForce(
      List<AccountChange> changes, long sequence, long newest) {
    SortedMap<String, Account> accounts = new TreeMap<>();
    for (AccountChange change : changes) {
      if (change.fromSequence() > sequence || change.id() > newest) {
        continue;
      }
      Account before =
          accounts.getOrDefault(
              change.account(),
              new Account(change.account(), Optional.empty(), OptionalLong.empty()));
      String address = change.address();
      Long threshold = change.thresholdSat();
      OptionalLong own =
          threshold == null
              ? before.thresholdSat()
              : threshold == AccountChange.POOL_DEFAULT
                  ? OptionalLong.empty()
                  : OptionalLong.of(threshold);
      accounts.put(
          change.account(),
          new Account(
              change.account(), address == null ? before.address() : Optional.of(address), own));
    }
    return accounts;
  }

  /**
   * Makes a named account.
   *
   * @param note the operator's words, kept in the log
   * @throws IllegalArgumentException when the name is not of the form, is an address, or is taken
   */
  public Account add(String name, PayoutAddress address, OptionalLong thresholdSat, String note) {
    checkName(name);
    store.write(tx -> {
      Account known = inForce(tx, Long.MAX_VALUE, Long.MAX_VALUE).get(name);
      if (known != null && known.address().isPresent()) {
        throw new IllegalArgumentException(
            "account " + name + " exists; change it with 'adit account address'");
      }
      long from = nextSequence(tx);
      append(tx, name, from, address.text(), null, AccountChange.OPERATOR, note);
      if (thresholdSat.isPresent()) {
        append(tx, name, from, null, thresholdSat.getAsLong(), AccountChange.OPERATOR, note);
      }
      return true;
    });
    return find(name);
  }

  /**
   * Gives a named account another payout address.
   *
   * @param fromSequence first share sequence it holds from; 0 for the next one. What was reserved
   *     before goes to the old address
   * @throws IllegalArgumentException when there is no such named account, or the sequence has
   *     passed
   */
  public Account changeAddress(String name, PayoutAddress address, long fromSequence, String note) {
    store.write(tx -> {
      long next = nextSequence(tx);
      Account known = inForce(tx, Long.MAX_VALUE, Long.MAX_VALUE).get(name);
      if (known == null || known.address().isEmpty()) {
        throw new IllegalArgumentException(
            "there is no named account "
                + name
                + " (an address is an account by itself and pays itself); see 'adit account list'");
      }
      if (fromSequence != 0 && fromSequence < next) {
        throw new IllegalArgumentException(
            "sequence "
                + fromSequence
                + " has passed (expected: "
                + next
                + " or later); history is not rewritten");
      }
      long from = fromSequence == 0 ? next : fromSequence;
      append(tx, name, from, address.text(), null, AccountChange.OPERATOR, note);
      return true;
    });
    return find(name);
  }

  /**
   * Sets an account's threshold; the account may be an address.
   *
   * @param thresholdSat satoshi; empty: the pool's default again
   * @throws IllegalArgumentException when nobody of that name ever mined here or was added
   */
  public Account setThreshold(String name, OptionalLong thresholdSat, String note) {
    store.write(tx -> {
      boolean known =
          inForce(tx, Long.MAX_VALUE, Long.MAX_VALUE).containsKey(name)
              || tx.workerKeys().values().stream().anyMatch(key -> key.account().equals(name));
      if (!known || name.startsWith("~")) {
        throw new IllegalArgumentException(
            "there is no account " + name + "; see 'adit account list'");
      }
      long sat = thresholdSat.orElse(AccountChange.POOL_DEFAULT);
      append(tx, name, nextSequence(tx), null, sat, AccountChange.OPERATOR, note);
      return true;
    });
    return find(name);
  }

  /**
   * Takes over the configuration file. A value there counts when it differs from the last one the
   * file had, so that what the operator changed by command since then stays.
   */
  public void configure(List<Configured> accounts) {
    store.write(tx -> {
      List<AccountChange> changes = tx.accountChanges();
      for (Configured account : accounts) {
        AccountChange address = lastConfigured(changes, account.name(), true);
        if (address == null || !account.address().text().equals(address.address())) {
          append(
              tx,
              account.name(),
              nextSequence(tx),
              account.address().text(),
              null,
              AccountChange.CONFIG,
              "");
        }
        AccountChange threshold = lastConfigured(changes, account.name(), false);
        long wanted = account.thresholdSat().orElse(AccountChange.POOL_DEFAULT);
        Long last = threshold == null ? null : threshold.thresholdSat();
        if (wanted != (last == null ? AccountChange.POOL_DEFAULT : last)) {
          append(tx, account.name(), nextSequence(tx), null, wanted, AccountChange.CONFIG, "");
        }
      }
      return true;
    });
  }

  private static @Nullable AccountChange lastConfigured(
      List<AccountChange> changes, String name, boolean address) {
    AccountChange last = null;
    for (AccountChange change : changes) {
      if (change.account().equals(name)
          && change.origin().equals(AccountChange.CONFIG)
          && (change.address() != null) == address) {
        last = change;
      }
    }
    return last;
  }

  private void append(
      StoreWriter tx,
      String name,
      long from,
      @Nullable String address,
      @Nullable Long thresholdSat,
      String origin,
      String note) {
    if (thresholdSat != null && thresholdSat < AccountChange.POOL_DEFAULT) {
      throw new IllegalArgumentException("a threshold is not negative");
    }
    if (note.length() > MAX_NOTE || note.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a note has at most " + MAX_NOTE + " characters and no control characters");
    }
    AccountChange change =
        new AccountChange(0, name, from, address, thresholdSat, origin, note, clock.instant());
    tx.addAccountChange(change);
    log.info(
        "account {}: {} from share {} on (set by {})",
        name,
        address != null
            ? "pays to " + address
            : thresholdSat == null || thresholdSat == AccountChange.POOL_DEFAULT
                ? "the pool's threshold holds"
                : "threshold " + thresholdSat + " sat",
        from,
        origin);
  }

  /** A name nobody can mistake for an address, of this network or another. */
  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("an account name has 1 to 64 of A-Z a-z 0-9 _ -");
    }
    if (Arrays.stream(AddressNetwork.values()).anyMatch(network -> isAddress(network, name))) {
      throw new IllegalArgumentException(
          "the name is an address; an address is an account by itself");
    }
  }

  private static boolean isAddress(AddressNetwork network, String text) {
    try {
      PayoutAddress.parse(network, text);
      return true;
    } catch (AddressException e) {
      return false;
    }
  }
}
