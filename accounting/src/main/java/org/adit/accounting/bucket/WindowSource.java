package org.adit.accounting.bucket;

import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.store.StoreReader;

/** Makes the unit window that ends at a share. */
public interface WindowSource {

  /**
   * The window.
   *
   * @param reader where worker names and sums come from
   * @param endSequence newest share inside, already folded; 0 for an empty window
   * @param units its size
   */
  Window unitWindow(StoreReader reader, long endSequence, Rational units);
}
