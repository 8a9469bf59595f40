package org.adit.accounting.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.adit.accounting.AccountingView;
import org.adit.accounting.Accounts;
import org.adit.accounting.OperatorAccounting;
import org.adit.accounting.bench.AccountBench;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions about one account answer what the whole tables say, without reading them. */
class OneAccountTest {
  private static final Instant EVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  @TempDir Path dir;

  private List<String> plan(String sql) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    }
    return steps;
  }

  /** The subquery of sums is what the account has. */
  private static boolean readsAWholeTable(String step) {
    return step.startsWith("SCAN") && !step.startsWith("SCAN (");
  }

  private static boolean sorts(String step) {
    return step.contains("TEMP B-TREE");
  }

  @Test
  void noQuestionAboutOneAccountReadsAWholeTable() throws Exception {
    SqliteStore.open(dir.resolve("accounting.db")).close();
    for (String sql :
        List.of(
            SqliteAccount.PAID_BY_COINBASE,
            SqliteAccount.PAYOUT_SUMS,
            SqliteAccount.PAYOUTS,
            SqliteAccount.COUNT_PAYOUTS,
            SqliteAccount.WORKERS,
            SqliteAccount.COUNT_CREDITS,
            SqliteAccount.COUNT_CREDITS_BETWEEN,
            SqliteAccount.CREDITS,
            SqliteAccount.WORKER_IDS,
            SqliteAccount.NEWEST,
            SqliteAccount.NEWEST_BETWEEN,
            SqliteAccount.CHANGES,
            SqliteLedger.BALANCE,
            SqlitePayouts.WITHDRAWN)) {
      assertThat(plan(sql)).as(sql).isNotEmpty().noneMatch(OneAccountTest::readsAWholeTable);
    }
    assertThat(plan(SqliteAccount.NEWEST)).noneMatch(OneAccountTest::sorts);
    assertThat(plan(SqliteAccount.NEWEST_BETWEEN)).noneMatch(OneAccountTest::sorts);
    assertThat(plan(SqliteReader.WORKER_KEYS))
        .noneMatch(OneAccountTest::sorts)
        .allMatch(step -> step.contains("COVERING INDEX"));
    assertThat(plan("SELECT * FROM block_credit"))
        .as("the check itself is able to find something")
        .anyMatch(OneAccountTest::readsAWholeTable);
  }

  @Test
  void oneAccountsAnswersAreTheWholeTablesRows() throws Exception {
    List<String> lines = new ArrayList<>();
    AccountBench bench = new AccountBench(dir, new AccountBench.Size(40, 20, 30, 12), lines::add);
    bench.fill();
    try (OperatorAccounting books = OperatorAccounting.open(dir, Clock.systemUTC())) {
      Map<String, BalanceRow> balances =
          books.balances().stream()
              .collect(Collectors.toMap(BalanceRow::account, Function.identity()));
      List<WorkerRow> workers = books.workers();
      List<PayoutRow> payouts = books.payoutHistory(1_000);
      for (String account : bench.accounts()) {
        AccountMoney money = books.money(account);
        assertThat(money.balance()).isEqualTo(balances.get(account));
        checkPayouts(books, account, money, payouts);
        assertThat(books.workers(account))
            .hasSize(2)
            .isEqualTo(workers.stream().filter(row -> row.account().equals(account)).toList());
        checkCredits(books, account);
        assertThat(books.accounts().find(account))
            .isEqualTo(
                books.accounts().list().stream()
                    .filter(one -> one.name().equals(account))
                    .findFirst()
                    .orElse(new Accounts.Account(account, Optional.empty(), OptionalLong.empty())));
      }
      // One found SOLO blocks, the other was among those a coinbase paid.
      for (int paid : new int[] {1, 3}) {
        assertThat(books.money(bench.accounts().get(paid)).balance().paidByCoinbase().totalSat())
            .as("there was something to find")
            .isPositive();
      }
      assertThat(books.money("nobody")).isEqualTo(AccountMoney.none("nobody"));
      assertThat(books.workers("nobody")).isEmpty();
      assertThat(books.payouts("nobody", 0, 10).total()).isZero();
    }
    bench.measure(20);
    assertThat(lines).anyMatch(line -> line.startsWith("credits page: anybody p50"));
  }

  private static void checkPayouts(
      OperatorAccounting books, String account, AccountMoney money, List<PayoutRow> all) {
    List<AccountPayout> expected = new ArrayList<>();
    long paid = 0;
    long inFlight = 0;
    for (PayoutRow payout : all) {
      for (PayoutRow.Item item : payout.items()) {
        if (item.account().equals(account)) {
          boolean failed = payout.state() == PayoutState.FAILED;
          expected.add(
              new AccountPayout(
                  payout.id(),
                  payout.state(),
                  payout.createdAt(),
                  payout.updatedAt(),
                  item.address(),
                  item.amountSat(),
                  item.feeShareSat(),
                  failed ? null : payout.attempts().getFirst().txid()));
          paid += payout.state() == PayoutState.FINAL ? item.amountSat() : 0;
          inFlight += payout.state() == PayoutState.BROADCAST ? item.amountSat() : 0;
        }
      }
    }
    assertThat(money.paidSat()).isEqualTo(paid);
    assertThat(money.inFlightSat()).isEqualTo(inFlight);
    assertThat(books.payouts(account, 0, 1_000))
        .isEqualTo(new AccountingView.PayoutPage(expected.size(), expected));
    assertThat(books.payouts(account, 1, 2).payouts())
        .isEqualTo(expected.subList(Math.min(1, expected.size()), Math.min(3, expected.size())));
  }

  private static void checkCredits(OperatorAccounting books, String account) {
    List<AccountCredit> expected = new ArrayList<>();
    for (BlockRow block : books.blocks(1_000)) {
      Amounts amounts = Amounts.ZERO;
      Rational weight = Rational.ZERO;
      for (CreditRow credit : books.credits(block.hash())) {
        if (credit.worker().account().equals(account)) {
          amounts = amounts.plus(credit.amounts());
          weight = weight.plus(credit.weight());
        }
      }
      if (weight.signum() > 0) {
        expected.add(new AccountCredit(block, weight, amounts));
      }
    }
    assertThat(books.credits(account, Instant.EPOCH, EVER, 0, 1_000))
        .isEqualTo(new AccountingView.CreditPage(expected.size(), expected));
    assertThat(books.credits(account, Instant.EPOCH, EVER, 3, 4).credits())
        .isEqualTo(expected.subList(3, 7));
    // A span: from the third newest block up to the newest, which is left out.
    Instant from = expected.get(2).block().foundAt();
    Instant to = expected.get(0).block().foundAt();
    assertThat(books.credits(account, from, to, 0, 1_000))
        .isEqualTo(new AccountingView.CreditPage(2, expected.subList(1, 3)));
  }
}
