package org.adit.pool.payouts;

import java.util.List;
import org.adit.accounting.store.PayoutRow.Input;

/**
 * A transaction as the node decodes it.
 *
 * @param outputs in their order
 * @param replaceable whether every input signals replacement (BIP 125)
 */
record Transaction(
    String txid, int vsize, List<Input> inputs, List<Output> outputs, boolean replaceable) {

  /** One output; the address is empty where the script has none. */
  record Output(String scriptHex, String address, long sat) {}

  Transaction {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
