package org.adit.accounting.bucket;

import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.store.StoreReader;

/** Makes reward windows. */
public interface WindowSource {

  /**
   * The window.
   *
   * @param reader where worker names and sums come from
   */
  Window window(StoreReader reader, WindowSpec spec);

  /**
   * The unit window that ends at a share.
   *
   * @param endSequence newest share inside, already folded; 0 for an empty window
   * @param units its size
   */
  default Window unitWindow(StoreReader reader, long endSequence, Rational units) {
    return window(reader, WindowSpec.units(endSequence, units));
  }
}
