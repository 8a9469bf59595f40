package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.ledger.BlockMoney;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.MemoryBook;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.Amounts;

/** A row of events posted to an empty ledger. */
final class LedgerKind {
  private LedgerKind() {}

  static Map<String, ?> replay(Fields in) {
    MemoryBook book = new MemoryBook();
    Ledger ledger = new Ledger(book);
    List<String> applied = new ArrayList<>();
    for (Fields event : in.objects("events")) {
      applied.add(post(ledger, event).outcome().name().toLowerCase(Locale.ROOT));
    }
    List<Map<String, Object>> journal = new ArrayList<>();
    for (Entry entry : book.entries()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("key", entry.key());
      row.put("lines", entry.lines());
      journal.add(row);
    }
    return Map.of(
        "applied", applied, "journal", journal, "balances", book.balances(), "sum", book.total());
  }

  private static Posting post(Ledger ledger, Fields event) {
    String name = event.text("event");
    return switch (name) {
      case "block_found" -> ledger.found(money(event));
      case "block_orphaned" -> ledger.orphaned(event.text("block"), event.small("transition"));
      case "block_reconnected" ->
          ledger.reconnected(event.text("block"), event.small("transition"));
      case "block_matured" -> ledger.matured(event.text("block"));
      case "payout_reserved" ->
          ledger.payoutReserved(event.text("batch"), new TreeMap<>(event.wholes("amounts")));
      case "payout_failed" -> ledger.payoutFailed(event.text("batch"));
      case "payout_confirmed" ->
          ledger.payoutConfirmed(event.text("batch"), event.text("txid"), poolPaid(event));
      case "payout_unconfirmed" ->
          ledger.payoutUnconfirmed(
              event.text("batch"), event.text("txid"), event.small("transition"));
      default -> throw new VectorException("event " + name + " is unknown");
    };
  }

  private static long poolPaid(Fields event) {
    return event.flag("miners_pay_fee") ? 0 : event.whole("txfee_sat");
  }

  private static BlockMoney money(Fields event) {
    SortedMap<String, Amounts> credits = new TreeMap<>();
    Fields byAccount = event.object("credits");
    for (Object name : byAccount.names()) {
      String account = String.valueOf(name);
      Fields credit = byAccount.object(account);
      credits.put(account, new Amounts(credit.whole("subsidy"), credit.whole("txfees")));
    }
    BlockMoney money =
        new BlockMoney(
            event.text("block"),
            new Amounts(event.whole("pool_fee_subsidy"), event.whole("pool_fee_txfees")),
            credits);
    if (money.heldSat() != event.whole("subsidy_sat") + event.whole("txfees_sat")) {
      throw new VectorException("credits and fee are not the block's reward");
    }
    return money;
  }
}
