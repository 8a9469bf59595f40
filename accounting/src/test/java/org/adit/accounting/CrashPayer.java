package org.adit.accounting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.accounting.store.PayoutRow.Item;
import org.adit.accounting.store.PayoutState;

/**
 * Pays out as fast as it can until it is killed. The chain is a file: a line is a transaction that
 * was sent, and the first line that spends a coin is the one that confirms.
 */
final class CrashPayer {
  private static final int FEE = 200;

  private final PoolAccounting pool;
  private final Path chain;
  private final SplittableRandom random;

  CrashPayer(PoolAccounting pool, Path chain, SplittableRandom random) {
    this.pool = pool;
    this.chain = chain;
    this.random = random;
  }

  /** A line of the chain. */
  record Sent(String txid, String coin, long sat) {}

  static List<Sent> read(Path chain) throws IOException {
    List<Sent> sent = new ArrayList<>();
    if (Files.exists(chain)) {
      for (String line : Files.readAllLines(chain, StandardCharsets.US_ASCII)) {
        String[] words = line.split(" ", -1);
        if (words.length == 4 && words[3].equals(".")) {
          sent.add(new Sent(words[0], words[1], Long.parseLong(words[2])));
        }
      }
    }
    return sent;
  }

  /** The transaction that confirmed, per coin. */
  static Map<String, Sent> confirmed(List<Sent> sent) {
    Map<String, Sent> first = new LinkedHashMap<>();
    sent.forEach(one -> first.putIfAbsent(one.coin(), one));
    return first;
  }

  void run() throws IOException {
    while (true) {
      step();
    }
  }

  /** One step of one payout; whatever an earlier life left is gone on with. */
  private void step() throws IOException {
    Payouts payouts = pool.payouts();
    List<PayoutRow> open = payouts.open();
    if (open.stream().allMatch(payout -> payout.state() == PayoutState.CONFIRMED)) {
      open.forEach(payout -> expect(payouts.finished(payout.id())));
      reserve(payouts);
      return;
    }
    for (PayoutRow payout : open) {
      if (payout.attempts().isEmpty()) {
        String coin = hex();
        expect(payouts.store(payout.id(), attempt(payout, List.of(coin))));
      } else if (payout.state() == PayoutState.SIGNED) {
        Attempt newest = payout.attempts().getLast();
        if (payout.attempts().size() == 1 && random.nextInt(4) == 0 && !isSent(newest)) {
          expect(payouts.withdrawn(payout.id(), "cancelled"));
          continue;
        }
        send(payout, newest);
        expect(payouts.broadcast(payout.id(), newest.txid()));
      } else if (payout.state() == PayoutState.BROADCAST) {
        follow(payouts, payout);
      }
    }
  }

  private void follow(Payouts payouts, PayoutRow payout) throws IOException {
    if (payout.attempts().size() < 3 && random.nextInt(3) == 0) {
      expect(payouts.store(payout.id(), attempt(payout, List.of(coin(payout), hex()))));
      return;
    }
    Map<String, Sent> chainNow = confirmed(read(chain));
    Sent winner = chainNow.get(coin(payout));
    for (Attempt attempt : payout.attempts()) {
      if (winner != null && winner.txid().equals(attempt.txid())) {
        expect(payouts.confirmed(payout.id(), attempt.txid()));
        return;
      }
    }
    throw new IllegalStateException("payout " + payout.id() + " was sent and is not in the chain");
  }

  /** The coin all transactions of a payout spend. */
  private static String coin(PayoutRow payout) {
    return payout.attempts().getFirst().inputs().getFirst().txid();
  }

  private void reserve(Payouts payouts) {
    List<Item> items = new ArrayList<>();
    for (BalanceRow balance : pool.balances()) {
      if (balance.payableSat() > 10_000 && !balance.account().startsWith("~")) {
        long amount = random.nextLong(5_000, balance.payableSat());
        items.add(new Item(balance.account(), balance.account(), new byte[] {1}, amount, FEE));
      }
    }
    if (!items.isEmpty()) {
      expect(
          payouts.reserve(
              new PayoutRow(
                  "p" + hex().substring(0, 16),
                  PayoutState.RESERVED,
                  0,
                  0,
                  true,
                  1,
                  Clock.systemUTC().instant(),
                  Clock.systemUTC().instant(),
                  "",
                  items,
                  List.of())));
    }
  }

  private Attempt attempt(PayoutRow payout, List<String> coins) {
    int number = payout.attempts().size() + 1;
    return new Attempt(
        number,
        AttemptState.SIGNED,
        hex(),
        null,
        "00",
        payout.feeShareSat() + number - 1,
        100,
        Clock.systemUTC().instant(),
        coins.stream().map(coin -> new Input(coin, 0)).toList());
  }

  private void send(PayoutRow payout, Attempt attempt) throws IOException {
    String line = attempt.txid() + " " + coin(payout) + " " + payout.outputSat() + " .\n";
    // A torn line of an earlier life is ended first; it was never a transaction.
    Files.writeString(
        chain,
        "\n" + line,
        StandardCharsets.US_ASCII,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private boolean isSent(Attempt attempt) throws IOException {
    return read(chain).stream().anyMatch(one -> one.txid().equals(attempt.txid()));
  }

  private String hex() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void expect(Posting posting) {
    if (posting.isRefused()) {
      throw new IllegalStateException(posting.toString());
    }
  }
}
