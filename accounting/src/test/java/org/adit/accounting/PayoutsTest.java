package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.ledger.Outcome;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.accounting.store.PayoutRow.Item;
import org.adit.accounting.store.PayoutState;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayoutsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
  private static final String ONE = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  private static final String TWO =
      "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry";
  private static final long SUBSIDY = 5_000_000_000L;

  @TempDir Path dir;
  private PoolAccounting pool;
  private Payouts payouts;
  private boolean closed;

  @BeforeEach
  void aMatureBlock() throws Exception {
    pool =
        PoolAccounting.open(
            dir, AccountingSettings.DEFAULT.withFee(new FeePpm(10_000, 10_000)), CLOCK);
    payouts = pool.payouts();
    pool.accounts().add("alice", address(ONE), OptionalLong.of(5_000), "asked by mail");
    int alice = pool.registerWorker("alice", "rig");
    int bob = pool.registerWorker(TWO, "rig");
    Shares miner = new Shares(pool.shares());
    miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 2, 1));
    miner.submit(Shares.share(bob, Shares.REGTEST_BITS, 2, 2));
    long winner = miner.submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 3));
    pool.blockFound(
        new FoundBlock(
            hash(),
            1,
            Shares.REGTEST_BITS,
            SUBSIDY,
            0,
            1,
            winner,
            alice,
            SchemeKind.PPLNS_UNITS,
            CLOCK.instant()));
    pool.blockMatured(hash());
  }

  @AfterEach
  void everythingAgrees() throws Exception {
    if (!closed) {
      assertThat(pool.checkInvariants().broken()).isEmpty();
      assertThat(pool.replay().differences()).isEmpty();
      pool.close();
    }
  }

  private static Hash256 hash() {
    return Hash256.ofDisplayHex("ab".repeat(32));
  }

  private static PayoutAddress address(String text) throws Exception {
    return PayoutAddress.parse(AddressNetwork.REGTEST, text);
  }

  private PayoutRow plan(String id, long alice, long bob, long share) throws Exception {
    return new PayoutRow(
        id,
        PayoutState.RESERVED,
        0,
        0,
        share > 0,
        2,
        CLOCK.instant(),
        CLOCK.instant(),
        "",
        List.of(
            new Item("alice", ONE, address(ONE).scriptPubKey(), alice, share),
            new Item(TWO, TWO, address(TWO).scriptPubKey(), bob, share)),
        List.of());
  }

  private static String txid(int n) {
    return HexFormat.of().toHexDigits(n, 8).repeat(8);
  }

  private static Attempt attempt(int number, long fee, int... coins) {
    return new Attempt(
        number,
        AttemptState.SIGNED,
        txid(number),
        null,
        "0a0b",
        fee,
        200,
        CLOCK.instant(),
        java.util.Arrays.stream(coins).mapToObj(coin -> new Input(txid(1000 + coin), 0)).toList());
  }

  private long balance(String account) {
    return pool.ledger().getOrDefault(account, 0L);
  }

  private static void posted(Posting posting) {
    assertThat(posting.outcome()).as(posting.reason()).isEqualTo(Outcome.POSTED);
  }

  @Test
  void aPayoutGoesFromReservedToFinal() throws Exception {
    posted(payouts.reserve(plan("p1", 2_000_000_000, 1_000_000_000, 100)));
    assertThat(payouts.reserve(plan("p1", 2_000_000_000, 1_000_000_000, 100)).outcome())
        .isEqualTo(Outcome.DUPLICATE);
    assertThat(payouts.reserve(plan("p2", 1, 1, 0)).reason()).contains("p1 waits");
    assertThat(payouts.store("p1", attempt(1, 199, 1)).reason()).contains("fee of 199");
    posted(payouts.store("p1", attempt(1, 230, 1, 2)));
    assertThat(payouts.find("p1").orElseThrow().state()).isEqualTo(PayoutState.SIGNED);
    assertThat(payouts.failed("p1", "no").reason()).contains("could still confirm");
    posted(payouts.broadcast("p1", txid(1)));
    assertThat(payouts.broadcast("p1", txid(1)).outcome()).isEqualTo(Outcome.DUPLICATE);

    assertThat(payouts.store("p1", attempt(2, 400, 3)).reason()).contains("pay twice");
    posted(payouts.store("p1", attempt(2, 400, 2, 3)));
    posted(payouts.broadcast("p1", txid(2)));
    posted(payouts.confirmed("p1", txid(2)));
    PayoutRow row = payouts.find("p1").orElseThrow();
    assertThat(row.state()).isEqualTo(PayoutState.CONFIRMED);
    assertThat(row.attempts())
        .extracting(Attempt::state)
        .containsExactly(AttemptState.REPLACED, AttemptState.CONFIRMED);
    assertThat(balance("expense:txfee")).isEqualTo(200);
    assertThat(balance("asset:wallet")).isEqualTo(SUBSIDY - 3_000_000_000L - 200);

    // The replaced one wins after a reorganisation.
    posted(payouts.confirmed("p1", txid(1)));
    assertThat(balance("expense:txfee")).isEqualTo(30);
    posted(payouts.unconfirmed("p1", txid(1)));
    assertThat(balance("liab:inflight:p1")).isEqualTo(-3_000_000_000L);
    posted(payouts.confirmed("p1", txid(2)));
    posted(payouts.finished("p1"));
    assertThat(payouts.finished("p1").outcome()).isEqualTo(Outcome.DUPLICATE);
    assertThat(payouts.open()).isEmpty();
    posted(payouts.reserve(plan("p2", 1, 1, 0)));
  }

  @Test
  void aDeadPayoutIsReleased() throws Exception {
    posted(payouts.reserve(plan("p1", 100_000, 100_000, 0)));
    posted(payouts.store("p1", attempt(1, 300, 1)));
    posted(payouts.broadcast("p1", txid(1)));
    posted(payouts.conflicted("p1", txid(1), false));
    assertThat(payouts.failed("p1", "x").isRefused()).isTrue();
    posted(payouts.conflicted("p1", txid(1), true));
    posted(payouts.failed("p1", "its coins were spent elsewhere"));
    assertThat(balance("liab:inflight:p1")).isZero();
    assertThat(payouts.confirmed("p1", txid(1)).isRefused()).isTrue();
    assertThat(payouts.find("p1").orElseThrow().note()).contains("spent elsewhere");
  }

  @Test
  void aPayoutNobodySignedCanBeGivenUpAndNoneTakesMoreThanThereIs() throws Exception {
    assertThat(payouts.reserve(plan("big", SUBSIDY, 1, 0)).reason()).contains("alice");
    assertThat(payouts.find("big")).isEmpty();
    posted(payouts.reserve(plan("p1", 10, 10, 0)));
    posted(payouts.failed("p1", "cancelled"));
    assertThat(payouts.store("p1", attempt(1, 300, 1)).isRefused()).isTrue();
    assertThat(payouts.reserve(plan("p1", 10, 10, 0)).outcome()).isEqualTo(Outcome.DUPLICATE);
  }

  @Test
  void aPayoutThatWasSignedButNotSentCanBeGivenUpOnce() throws Exception {
    posted(payouts.reserve(plan("p1", 100_000, 100_000, 0)));
    posted(payouts.store("p1", attempt(1, 300, 1, 2)));
    posted(payouts.withdrawn("p1", "cancelled"));
    assertThat(balance("liab:inflight:p1")).isZero();
    PayoutRow row = payouts.find("p1").orElseThrow();
    assertThat(row.state()).isEqualTo(PayoutState.FAILED);
    Attempt attempt = row.attempts().getFirst();
    assertThat(attempt.state()).isEqualTo(AttemptState.WITHDRAWN);
    assertThat(attempt.raw()).as("the signed bytes are forgotten").isNull();
    assertThat(attempt.inputs()).as("its coins are not").hasSize(2);
    assertThat(payouts.withdrawn()).containsExactly(attempt);

    assertThat(payouts.withdrawn("p1", "again").outcome()).isEqualTo(Outcome.DUPLICATE);
    assertThat(balance("liab:inflight:p1")).as("released once").isZero();
    assertThat(payouts.broadcast("p1", txid(1)).isRefused()).isTrue();
    assertThat(payouts.confirmed("p1", txid(1)).isRefused()).isTrue();
    assertThat(payouts.withdrawn("nobody", "x").reason()).contains("no such payout");

    // A payout that spends other coins leaves it withdrawn; one that spends its coin buries it.
    pay("p2", 2, 3);
    assertThat(payouts.withdrawn()).hasSize(1);
    pay("p3", 3, 2);
    assertThat(payouts.withdrawn()).isEmpty();
    assertThat(payouts.find("p1").orElseThrow().attempts().getFirst().state())
        .isEqualTo(AttemptState.DEAD);
  }

  private void pay(String id, int number, int coin) throws Exception {
    posted(payouts.reserve(plan(id, 1_000, 1_000, 0)));
    posted(payouts.store(id, attempt(number, 300, coin)));
    posted(payouts.broadcast(id, txid(number)));
    posted(payouts.confirmed(id, txid(number)));
    posted(payouts.finished(id));
  }

  @Test
  void aPayoutThatWasSentIsNotGivenUp() throws Exception {
    posted(payouts.reserve(plan("p1", 100_000, 100_000, 0)));
    posted(payouts.store("p1", attempt(1, 300, 1)));
    posted(payouts.broadcast("p1", txid(1)));
    assertThat(payouts.withdrawn("p1", "x").reason()).contains("BROADCAST", "could still confirm");
    posted(payouts.conflicted("p1", txid(1), false));
    assertThat(payouts.withdrawn("p1", "x").reason()).contains("CONFLICTED");
    posted(payouts.confirmed("p1", txid(1)));
    assertThat(payouts.withdrawn("p1", "x").reason()).contains("CONFIRMED");
    assertThat(balance("liab:inflight:p1")).isZero();
    posted(payouts.unconfirmed("p1", txid(1)));
    posted(payouts.store("p1", attempt(2, 400, 1)));
    assertThat(payouts.withdrawn("p1", "x").isRefused())
        .as("an earlier transaction of it was sent")
        .isTrue();
    assertThat(balance("liab:inflight:p1")).isEqualTo(-200_000);
  }

  @Test
  void anotherProcessActsOnTheSameBooks() throws Exception {
    try (OperatorAccounting operator = OperatorAccounting.open(dir, CLOCK)) {
      posted(operator.payouts().reserve(plan("p1", 10, 10, 0)));
      posted(operator.payouts().operatorMoved("capital-1", 700));
      operator.accounts().changeAddress("alice", address(TWO), 0, "new wallet");
    }
    assertThat(balance("liab:inflight:p1")).isEqualTo(-20);
    assertThat(pool.accounts().find("alice").payTo()).isEqualTo(TWO);
    assertThat(payouts.find("p1").orElseThrow().items().getFirst().address()).isEqualTo(ONE);
    posted(payouts.failed("p1", "cancelled"));
    assertThat(payouts.reserve(plan("p2", 10, 10, 0)).reason()).contains("to " + TWO);
    assertThat(payouts.find("p1").orElseThrow().atSequence()).isEqualTo(4);
  }

  @Test
  void accountsKeepALogAndHistoryIsNotRewritten() throws Exception {
    Accounts accounts = pool.accounts();
    assertThatThrownBy(() -> accounts.add("alice", address(TWO), OptionalLong.empty(), ""))
        .hasMessageContaining("exists");
    assertThatThrownBy(() -> accounts.add(ONE, address(TWO), OptionalLong.empty(), ""))
        .hasMessageContaining("is an address");
    assertThatThrownBy(() -> accounts.add("a.b", address(TWO), OptionalLong.empty(), ""))
        .hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> accounts.changeAddress(TWO, address(ONE), 0, ""))
        .hasMessageContaining("no named account");
    assertThatThrownBy(() -> accounts.changeAddress("alice", address(TWO), 1, ""))
        .hasMessageContaining("has passed");
    assertThatThrownBy(() -> accounts.setThreshold("nobody", OptionalLong.of(1), ""))
        .hasMessageContaining("no account nobody");
    assertThatThrownBy(() -> accounts.setThreshold("alice", OptionalLong.of(1), "a\nb"))
        .hasMessageContaining("control characters");
    accounts.changeAddress("alice", address(TWO), 1_000, "later");
    assertThat(accounts.find("alice").payTo()).isEqualTo(ONE);
    accounts.setThreshold(TWO, OptionalLong.of(77), "");
    assertThat(accounts.find(TWO).thresholdSat()).hasValue(77);
    accounts.setThreshold(TWO, OptionalLong.empty(), "");
    assertThat(accounts.find(TWO).thresholdSat()).isEmpty();
    assertThat(accounts.changes()).hasSize(5);
  }

  @Test
  void theConfigurationFileCountsWhenItChanges() throws Exception {
    Accounts accounts = pool.accounts();
    List<Accounts.Configured> file =
        List.of(new Accounts.Configured("carol", address(ONE), OptionalLong.of(9)));
    accounts.configure(file);
    accounts.configure(file);
    assertThat(accounts.find("carol").payTo()).isEqualTo(ONE);
    accounts.changeAddress("carol", address(TWO), 0, "by command");
    accounts.configure(file);
    assertThat(accounts.find("carol").payTo()).as("the file says nothing new").isEqualTo(TWO);
    accounts.configure(
        List.of(new Accounts.Configured("carol", address(TWO), OptionalLong.empty())));
    assertThat(accounts.find("carol").thresholdSat()).isEmpty();
    assertThat(accounts.changes()).filteredOn(c -> c.account().equals("carol")).hasSize(5);
  }

  private void sql(String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement sql = connection.createStatement()) {
      assertThat(sql.executeUpdate(statement)).isPositive();
    }
  }

  /** Each broken in turn; the check must see it and go on saying it. */
  @Test
  void brokenBooksAreSeen() throws Exception {
    posted(payouts.reserve(plan("p1", 10, 10, 0)));
    pool.close();
    closed = true;
    brokenBy("UPDATE ledger_line SET amount_sat = amount_sat + 1 WHERE rowid_ = 1", "I1");
    brokenBy("UPDATE ledger_account SET balance_sat = balance_sat + 5 WHERE id = 1", "I2");
    brokenBy(
        "UPDATE ledger_account SET balance_sat = CASE name WHEN 'asset:wallet' THEN -1 ELSE"
            + " balance_sat + 1 END WHERE name IN ('asset:wallet', 'liab:payable:alice')",
        "I3");
    brokenBy("UPDATE block SET subsidy_sat = subsidy_sat + 1", "I5");
    brokenBy(
        "UPDATE ledger_account SET balance_sat = balance_sat - 100000000 WHERE name ="
            + " 'liab:payable:alice'",
        "I7");
    brokenBy("UPDATE block_credit SET subsidy_sat = subsidy_sat - 1 WHERE worker_id = 1", "I8");
    brokenBy("UPDATE payout_item SET amount_sat = amount_sat + 1 WHERE account_id = 1", "I8");
    brokenBy("UPDATE ledger_account SET balance_sat = balance_sat - 1 WHERE id = 1", "I10");
  }

  private void brokenBy(String statement, String invariant) throws Exception {
    Path copy = dir.resolve("copy");
    java.nio.file.Files.createDirectories(copy);
    for (String name : List.of("accounting.db", "ledger.head")) {
      java.nio.file.Files.copy(
          dir.resolve(name), copy.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    sql(
        statement.replace(
            "WHERE rowid_ = 1",
            "WHERE entry_id = (SELECT min(entry_id) FROM ledger_line) AND account_id ="
                + " (SELECT min(account_id) FROM ledger_line)"));
    try (AccountingReader reader = AccountingReader.open(dir)) {
      assertThat(reader.checkInvariants().broken())
          .as(statement)
          .anyMatch(text -> text.startsWith(invariant));
      assertThat(reader.checkInvariants().holds()).isFalse();
    }
    java.nio.file.Files.copy(
        copy.resolve("accounting.db"),
        dir.resolve("accounting.db"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
