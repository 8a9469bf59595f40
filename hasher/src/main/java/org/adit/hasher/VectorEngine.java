package org.adit.hasher;

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
