package org.adit.hasher;

import java.util.function.BooleanSupplier;

/** SHA-256d by the Vector API at one width; lanes are rolled versions or nonces. */
final class VectorEngine implements HashEngine {
  /** First part of the names of engines whose lanes are versions where the work allows it. */
  static final String VERSIONS = "vector-versions";

  /** First part of the names of engines whose lanes are always nonces. */
  static final String NONCES = "vector-nonces";

  private final VectorKernel kernel;
  private final boolean versionLanes;

  VectorEngine(VectorKernel kernel, boolean versionLanes) {
    this.kernel = kernel;
    this.versionLanes = versionLanes;
  }

  /** Returns the kind and the width in bits, such as {@code "vector-versions-512"}. */
  @Override
  public String name() {
    return (versionLanes ? VERSIONS : NONCES) + "-" + kernel.lanes() * Integer.SIZE;
  }

  /**
   * Runs each part of a scan equally often, so that the JVM finds all of them worth compiling at
   * about the same time. In a real scan some run 16 times as often as others and would hold the
   * whole back while they wait their turn.
   *
   * @param nanos CPU time to spend
   */
  void exercise(long nanos) {
    int lanes = kernel.lanes();
    int[] scratch = kernel.newScratch();
    int[] schedules = kernel.newScratch();
    int[] table = new int[VectorKernel.SCHEDULE_VECTORS * VectorKernel.COLUMNS];
    int[] job = new int[VectorKernel.STREAMS * VectorKernel.JOB_VECTORS * lanes];
    BooleanSupplier over = CpuClock.after(nanos);
    while (!over.getAsBoolean()) {
      kernel.broadcastTable(schedules, table, 0);
      if (versionLanes) {
        kernel.versionsPass(job, 0, 0, table, 0, 0, scratch, -1);
      } else {
        kernel.noncesPass(job, 0, schedules, scratch, scratch, -1);
      }
    }
  }

  @Override
  public HeaderScanner newScanner() {
    return new VectorScanner(kernel, versionLanes);
  }

  VectorKernel kernel() {
    return kernel;
  }

  @Override
  public String toString() {
    return name();
  }
}
