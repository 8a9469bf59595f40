package org.adit.pool.payouts;

import java.util.Optional;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.pool.payouts.PayoutException.Kind;

/** Whether a payout may be given up, and what to do when not. */
public final class Cancelling {
  private Cancelling() {}

  /** Why a payout cannot be cancelled as it stands; empty when it can be, or has been. */
  public static Optional<String> objection(PayoutRow payout) {
    return switch (payout.state()) {
      case RESERVED, SIGNED, BROADCAST ->
          payout.attempts().stream()
              .filter(attempt -> !attempt.isRevocable())
              .findFirst()
              .map(attempt -> sent(payout, attempt));
      case CONFIRMED, FINAL ->
          Optional.of(
              "payout "
                  + payout.id()
                  + " is paid: its transaction"
                  + payout.confirmed().map(attempt -> " " + attempt.txid()).orElse("")
                  + " is in the chain, nothing can be taken back");
      case FAILED -> Optional.empty();
    };
  }

  private static String sent(PayoutRow payout, Attempt attempt) {
    Input coin = attempt.inputs().getFirst();
    return "payout "
        + payout.id()
        + " cannot be cancelled: transaction "
        + attempt.txid()
        + " was sent and could still confirm, releasing its amounts could pay twice. Let it be: the"
        + " pool raises its fee until it confirms. To stop it for good, have the wallet spend one of"
        + " its coins ("
        + coin.txid()
        + ":"
        + coin.vout()
        + ") to payout.address with a higher fee; when that is six blocks deep the payout fails by"
        + " itself and its amounts are payable again";
  }

  static void check(PayoutRow payout) throws PayoutException {
    Optional<String> objection = objection(payout);
    if (objection.isPresent()) {
      throw new PayoutException(Kind.REFUSED, objection.get());
    }
  }
}
