package org.adit.pool.payouts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.adit.accounting.InvariantReport;
import org.adit.accounting.MoneyBooks;
import org.adit.accounting.journal.FolderLock;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutState;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.payouts.PayoutException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator can do about payouts. One command at a time works on a data folder,
 * whichever process it runs in; each may be broken off anywhere and repeated.
 *
 * <p>The order never changes: reserved in the ledger, built, signed, stored, sent, recorded.
 */
public final class PayoutDesk {
  private static final String LOCK = "payout.lock";
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long SETTLING_NANOS = 5_000_000_000L;
  private static final long LOOK_NANOS = 50_000_000;
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=\\s]{1,8000000}");

  private final Path dataDir;
  private final MoneyBooks books;
  private final NodeWallet wallet;
  private final PayoutSettings settings;
  private final Clock clock;
  private final Supplier<String> ids;
  private final Probe probe;
  private final PayoutPlanner planner;
  private final PayoutBuilder builder;
  private final PayoutFollower follower;
  private final WalletAudit audit;

  /**
   * A desk on a data folder.
   *
   * @param node a client of the pool's node; stays the caller's
   * @param ids makes ids of payouts, letters, digits and dashes, none twice
   * @throws PayoutException when no wallet is set
   */
  public PayoutDesk(
      Path dataDir,
      MoneyBooks books,
      RpcClient node,
      PayoutSettings settings,
      Clock clock,
      Supplier<String> ids)
      throws PayoutException {
    this(dataDir, books, node, settings, clock, ids, Probe.NONE);
  }

  PayoutDesk(
      Path dataDir,
      MoneyBooks books,
      RpcClient node,
      PayoutSettings settings,
      Clock clock,
      Supplier<String> ids,
      Probe probe)
      throws PayoutException {
    this.dataDir = dataDir;
    this.books = books;
    this.wallet =
        new NodeWallet(
            node,
            settings
                .wallet()
                .name()
                .orElseThrow(() ->
                    new PayoutException(
                        Kind.NO_WALLET,
                        "no wallet is set; name the node's wallet that payout.address belongs to"
                            + " in the settings: [wallet] name = \"...\"")));
    this.settings = settings;
    this.clock = clock;
    this.ids = ids;
    this.probe = probe;
    this.planner = new PayoutPlanner(books, wallet, settings);
    this.builder = new PayoutBuilder(books, wallet, planner, settings, clock);
    this.follower = new PayoutFollower(books, wallet, planner, builder, settings, clock, probe);
    this.audit = new WalletAudit(books, wallet);
  }

  /**
   * What a payout would do now. Changes nothing.
   *
   * @throws PayoutException when it could not be done
   * @throws NodeException when the node does not answer
   */
  public PayoutPlan preview() throws PayoutException, NodeException {
    check();
    return planner.plan();
  }

  /** Wallet against books, as of now. */
  public WalletState walletState() throws PayoutException, NodeException {
    wallet.check(settings.chain());
    return audit.read();
  }

  /**
   * Brings open payouts as far as they go; books what the chain says.
   *
   * @return false when another command is at work
   */
  public boolean follow() throws PayoutException, NodeException, IOException {
    try (FolderLock _ = tryLock()) {
      wallet.check(settings.chain());
      follower.follow();
      return true;
    } catch (PayoutException e) {
      if (e.kind() == Kind.BUSY) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Pays: first what an earlier run has left undone, else everybody who is due.
   *
   * @return the payout; empty when nobody is due
   */
  public Optional<PayoutRow> run() throws PayoutException, NodeException, IOException {
    try (FolderLock _ = lock()) {
      check();
      follower.follow();
      Optional<PayoutRow> earlier = unfinished();
      if (earlier.isPresent() && !earlier.get().attempts().isEmpty()) {
        return Optional.of(sentOrWaiting(earlier.get()));
      }
      wallet.checkKeys();
      Optional<PayoutRow> payout = earlier.isPresent() ? earlier : reserve();
      if (payout.isEmpty()) {
        return payout;
      }
      Attempt attempt = builder.signed(payout.get());
      probe.at("built");
      store(payout.get(), attempt);
      probe.at("stored");
      wallet.lock(attempt.inputs());
      follower.send(payout.get(), attempt);
      probe.at("recorded");
      return books.payouts().find(payout.get().id());
    }
  }

  /**
   * Makes a payout, or takes the one that is reserved, and gives its unsigned transaction away.
   *
   * @return the payout with an attempt that holds the PSBT (BIP 174); empty when nobody is due
   */
  public Optional<PayoutRow> export() throws PayoutException, NodeException, IOException {
    try (FolderLock _ = lock()) {
      check();
      follower.follow();
      Optional<PayoutRow> earlier = unfinished();
      if (earlier.isPresent() && !earlier.get().attempts().isEmpty()) {
        if (earlier.get().attempts().getLast().state() == AttemptState.UNSIGNED) {
          return earlier;
        }
        throw waiting(earlier.get());
      }
      Optional<PayoutRow> payout = earlier.isPresent() ? earlier : reserve();
      if (payout.isEmpty()) {
        return payout;
      }
      Attempt attempt = builder.forExport(payout.get());
      store(payout.get(), attempt);
      wallet.lock(attempt.inputs());
      books.payouts().note(payout.get().id(), "exported, waits for its signatures");
      return books.payouts().find(payout.get().id());
    }
  }

  /**
   * Takes a transaction back that was signed elsewhere, and sends it.
   *
   * @param psbt BIP 174 in base64
   */
  public PayoutRow importSigned(String psbt) throws PayoutException, NodeException, IOException {
    if (!BASE64.matcher(psbt).matches()) {
      throw new PayoutException(Kind.REFUSED, "the file is no PSBT in base64 (BIP 174)");
    }
    try (FolderLock _ = lock()) {
      check();
      follower.follow();
      String text = psbt.replaceAll("\\s", "");
      String txid = wallet.decodePsbt(text).txid();
      for (PayoutRow payout : books.payouts().open()) {
        Attempt attempt = payout.attempt(txid).orElse(null);
        if (attempt != null) {
          return take(payout, attempt, text);
        }
      }
      throw new PayoutException(
          Kind.REFUSED, "transaction " + txid + " is none that was exported and is still open");
    }
  }

  private PayoutRow take(PayoutRow payout, Attempt attempt, String psbt)
      throws PayoutException, NodeException {
    if (attempt.state() == AttemptState.UNSIGNED) {
      String raw = builder.imported(payout, attempt, psbt);
      refuse(books.payouts().signed(payout.id(), attempt.txid(), raw, wallet.decode(raw).vsize()));
    }
    PayoutRow signed = books.payouts().find(payout.id()).orElse(payout);
    follower.send(signed, signed.attempt(attempt.txid()).orElse(attempt));
    return sentOrWaiting(books.payouts().find(payout.id()).orElse(payout));
  }

  /**
   * Gives up a payout nobody was sent a transaction of: reserved only, signed and stored, or given
   * away to be signed and not brought back. Its amounts are payable again. May be repeated.
   *
   * <p>The next payout spends a coin of what was given up, so that both can never confirm.
   *
   * @throws PayoutException when a transaction of it was sent, or the node knows it
   */
  public PayoutRow cancel(String id) throws PayoutException, NodeException, IOException {
    try (FolderLock _ = lock()) {
      wallet.check(settings.chain());
      PayoutRow payout =
          books
              .payouts()
              .find(id)
              .orElseThrow(() -> new PayoutException(Kind.REFUSED, "there is no payout " + id));
      if (isKnown(payout)) {
        follower.follow(); // Sent by a command that died before it wrote that down.
        payout = books.payouts().find(id).orElse(payout);
      }
      Cancelling.check(payout);
      refuse(books.payouts().withdrawn(id, "cancelled by the operator"));
      probe.at("withdrawn");
      for (Attempt attempt : payout.attempts()) {
        wallet.unlock(attempt.inputs());
      }
      return books.payouts().find(id).orElseThrow();
    }
  }

  private boolean isKnown(PayoutRow payout) throws NodeException {
    for (Attempt attempt : payout.attempts()) {
      if (attempt.isAlive() && !(wallet.standing(attempt.txid()) instanceof TxStanding.Unknown)) {
        return true;
      }
    }
    return false;
  }

  /** The pool itself follows payouts now and then, for a moment; that is waited for. */
  private FolderLock lock() throws PayoutException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return tryLock();
      } catch (PayoutException e) {
        if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private FolderLock tryLock() throws PayoutException {
    try {
      return FolderLock.acquire(dataDir, LOCK);
    } catch (IOException e) {
      throw new PayoutException(
          Kind.BUSY,
          "another payout command is at work (" + e.getMessage() + "); wait for its end",
          e);
    }
  }

  private void check() throws PayoutException, NodeException {
    InvariantReport report = books.checkInvariants();
    if (!report.holds()) {
      throw new PayoutException(
          Kind.BOOKS,
          "the ledger is broken, nothing is paid: "
              + String.join("; ", report.broken())
              + ". Keep the data folder as it is and run 'adit audit'");
    }
    wallet.check(settings.chain());
    if (settings.poolAddress().isPresent() && !wallet.isMine(settings.poolAddress().get())) {
      throw new PayoutException(
          Kind.ADDRESS,
          "payout.address "
              + settings.poolAddress().get()
              + " does not belong to wallet "
              + wallet.name()
              + ": the blocks' coins are not in it");
    }
    WalletState state = settled();
    if (!state.holds()) {
      throw new PayoutException(
          Kind.BOOKS,
          "I4: wallet "
              + wallet.name()
              + " holds "
              + state.walletSat()
              + " sat, the books say "
              + state.expectedSat()
              + ". Coins were spent that no payout of these books spent: by hand (then book it:"
              + " 'adit capital withdraw'), or by payouts made after a backup that was restored. If a"
              + " block left the chain while the pool was down, start the pool first: it books that");
    }
  }

  /**
   * The wallet follows the chain at once, the books when the pool has looked at it: right after a
   * reorganisation they still count a block the wallet has no more.
   */
  private WalletState settled() throws NodeException {
    long deadline = System.nanoTime() + SETTLING_NANOS;
    WalletState state = audit.read();
    while (!state.holds()
        && System.nanoTime() - deadline < 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
      state = audit.read();
    }
    return state;
  }

  private Optional<PayoutRow> unfinished() {
    return books.payouts().open().stream()
        .filter(payout -> payout.state() != PayoutState.CONFIRMED)
        .findFirst();
  }

  private Optional<PayoutRow> reserve() throws PayoutException, NodeException {
    // A command that died while it cancelled may have left them locked.
    for (Attempt attempt : books.payouts().withdrawn()) {
      wallet.unlock(attempt.inputs());
    }
    PayoutPlan plan = planner.plan();
    if (plan.items().isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    PayoutRow row =
        new PayoutRow(
            ids.get(),
            PayoutState.RESERVED,
            0,
            0,
            plan.minersPay(),
            plan.feeRateSat(),
            now,
            now,
            "reserved, nothing is signed yet",
            plan.items(),
            List.of());
    refuse(books.payouts().reserve(row));
    probe.at("reserved");
    return books.payouts().find(row.id());
  }

  private void store(PayoutRow payout, Attempt attempt) throws PayoutException {
    refuse(books.payouts().store(payout.id(), attempt));
  }

  private PayoutRow sentOrWaiting(PayoutRow payout) throws PayoutException {
    if (payout.state() == PayoutState.SIGNED) {
      throw new PayoutException(
          Kind.WAITING, "payout " + payout.id() + " is signed and stored; " + payout.note());
    }
    if (payout.state() == PayoutState.RESERVED) {
      throw waiting(payout);
    }
    return payout;
  }

  private static PayoutException waiting(PayoutRow payout) {
    return new PayoutException(
        Kind.WAITING, "payout " + payout.id() + " has to end first: " + payout.note());
  }

  private static void refuse(@Nullable Posting posting) throws PayoutException {
    if (posting != null && posting.isRefused()) {
      throw new PayoutException(Kind.REFUSED, posting.reason());
    }
  }
}
