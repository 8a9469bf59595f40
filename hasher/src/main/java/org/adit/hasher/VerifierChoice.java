package org.adit.hasher;

import org.jspecify.annotations.Nullable;

/**
 * What the warm-up has found out about verifying in lanes; asked by each verifier until there is an
 * answer.
 */
final class VerifierChoice {
  private static volatile @Nullable VectorKernel kernel;
  private static volatile int threshold = Integer.MAX_VALUE;

  private VerifierChoice() {}

  /**
   * Returns lanes of the caller's own, or null as long as there is nothing faster than single
   * hashing.
   */
  static @Nullable ShareLanes lanes() {
    VectorKernel found = kernel;
    return found == null ? null : new ShareLanes(found, threshold);
  }

  /**
   * Lets verifiers use lanes from now on.
   *
   * @param fewest shares for which they are faster
   */
  static void use(VectorKernel warm, int fewest) {
    threshold = fewest;
    kernel = warm;
  }
}
