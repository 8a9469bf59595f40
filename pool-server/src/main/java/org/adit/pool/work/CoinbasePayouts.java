package org.adit.pool.work;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one coinbase pays.
 *
 * @param outputs at least one, in their order
 * @param frozen the list they were made from, where the coinbase pays miners by their work; null
 *     where it does not
 */
public record CoinbasePayouts(List<CoinbaseOutput> outputs, @Nullable FrozenList frozen) {
  /** Copies the list. */
  public CoinbasePayouts {
    outputs = List.copyOf(outputs);
  }
}
