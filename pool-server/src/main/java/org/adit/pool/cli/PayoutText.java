package org.adit.pool.cli;

import java.util.List;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Item;
import org.adit.pool.payouts.PayoutPlan;
import tools.jackson.databind.node.ObjectNode;

/** Payouts as people and programs read them. */
final class PayoutText {
  private PayoutText() {}

  static Table table(PayoutPlan plan) {
    Table table = new Table("ACCOUNT", "ADDRESS", ">PAYABLE BTC", ">FEE SHARE SAT", ">PAID BTC");
    for (Item item : plan.items()) {
      table.row(
          item.account(),
          item.address(),
          Figures.bitcoin(item.amountSat()),
          item.feeShareSat(),
          Figures.bitcoin(item.outputSat()));
    }
    return table;
  }

  static String summary(PayoutPlan plan) {
    return plan.items().size()
        + " accounts, "
        + Figures.bitcoin(plan.amountSat())
        + " BTC; network fee about "
        + plan.feeSat()
        + " sat at "
        + plan.feeRateSat()
        + " sat/vB, paid by the "
        + (plan.minersPay() ? "miners" : "pool")
        + "; the wallet can spend "
        + Figures.bitcoin(plan.walletSat())
        + " BTC";
  }

  static Table table(List<PayoutRow> payouts) {
    Table table =
        new Table("PAYOUT", "STATE", "MADE", ">ACCOUNTS", ">AMOUNT BTC", "TRANSACTION", "NOTE");
    for (PayoutRow payout : payouts) {
      table.row(
          payout.id(),
          payout.state(),
          Figures.time(payout.createdAt()),
          payout.items().size(),
          Figures.bitcoin(payout.amountSat()),
          payout.attempts().isEmpty() ? "-" : current(payout).txid(),
          payout.note());
    }
    return table;
  }

  static Table items(PayoutRow payout) {
    Table table = new Table("ACCOUNT", "ADDRESS", ">AMOUNT BTC", ">FEE SHARE SAT", ">PAID BTC");
    for (Item item : payout.items()) {
      table.row(
          item.account(),
          item.address(),
          Figures.bitcoin(item.amountSat()),
          item.feeShareSat(),
          Figures.bitcoin(item.outputSat()));
    }
    return table;
  }

  static Table attempts(PayoutRow payout) {
    Table table = new Table(">NO", "TRANSACTION", "STATE", "MADE", ">FEE SAT", ">VBYTES");
    for (Attempt attempt : payout.attempts()) {
      table.row(
          attempt.number(),
          attempt.txid(),
          attempt.state(),
          Figures.time(attempt.createdAt()),
          attempt.feeSat(),
          attempt.vsize());
    }
    return table;
  }

  /** One line for the end of a command. */
  static String sentence(PayoutRow payout) {
    return "payout "
        + payout.id()
        + ": "
        + payout.state()
        + ", "
        + payout.items().size()
        + " accounts, "
        + Figures.bitcoin(payout.amountSat())
        + " BTC"
        + (payout.attempts().isEmpty()
            ? ""
            : ", transaction "
                + current(payout).txid()
                + ", fee "
                + current(payout).feeSat()
                + " sat")
        + (payout.note().isEmpty() ? "" : ": " + payout.note());
  }

  private static Attempt current(PayoutRow payout) {
    return payout.confirmed().orElseGet(() -> payout.attempts().getLast());
  }

  static ObjectNode json(Output output, PayoutPlan plan) {
    ObjectNode root = output.object();
    root.put("amount_sat", plan.amountSat())
        .put("fee_sat", plan.feeSat())
        .put("fee_rate_sat_per_vb", plan.feeRateSat())
        .put("fee_payer", plan.minersPay() ? "miners" : "pool")
        .put("inputs", plan.inputs())
        .put("wallet_sat", plan.walletSat());
    var payees = root.putArray("payees");
    plan.items().forEach(item -> payees.add(json(output, item)));
    var left = root.putArray("not_paid");
    plan.left()
        .forEach(one ->
            left.addObject()
                .put("account", one.account())
                .put("payable_sat", one.payableSat())
                .put("reason", one.reason()));
    return root;
  }

  private static ObjectNode json(Output output, Item item) {
    return output
        .object()
        .put("account", item.account())
        .put("address", item.address())
        .put("amount_sat", item.amountSat())
        .put("fee_share_sat", item.feeShareSat())
        .put("paid_sat", item.outputSat());
  }

  static ObjectNode json(Output output, PayoutRow payout) {
    ObjectNode root = output.object();
    root.put("payout", payout.id())
        .put("state", payout.state().name())
        .put("made_at", payout.createdAt().toString())
        .put("amount_sat", payout.amountSat())
        .put("paid_sat", payout.outputSat())
        .put("fee_payer", payout.minersPay() ? "miners" : "pool")
        .put("at_sequence", payout.atSequence())
        .put("note", payout.note());
    var payees = root.putArray("payees");
    payout.items().forEach(item -> payees.add(json(output, item)));
    var transactions = root.putArray("transactions");
    for (Attempt attempt : payout.attempts()) {
      transactions
          .addObject()
          .put("txid", attempt.txid())
          .put("state", attempt.state().name())
          .put("made_at", attempt.createdAt().toString())
          .put("fee_sat", attempt.feeSat())
          .put("vsize", attempt.vsize());
    }
    return root;
  }
}
