package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.util.Optional;

/** Makes {@link VectorKernel} objects where the JVM has the Vector API. */
final class VectorKernels {
  /** The module the generated classes need; absent unless the JVM was started with it. */
  static final String MODULE = "jdk.incubator.vector";

  private VectorKernels() {}

  /** Whether the JVM was started with {@code --add-modules=jdk.incubator.vector}. */
  static boolean isModulePresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Lanes of 32 bits in the widest vector that is fast here; empty when the module is absent. */
  static Optional<Integer> preferredLanes() {
    return isModulePresent() ? Optional.of(PreferredLanes.ask()) : Optional.empty();
  }

  /**
   * Spins a kernel. Each call makes a new class, which the JVM compiles anew: call once per width.
   *
   * @param lanes 4, 8 or 16
   * @throws IllegalStateException if the module is absent
   */
  static VectorKernel spin(int lanes) {
    if (!isModulePresent()) {
      throw new IllegalStateException(
          "no vector kernels without module "
              + MODULE
              + " (expected: --add-modules="
              + MODULE
              + ")");
    }
    try {
      MethodHandles.Lookup self = MethodHandles.lookup();
      Class<?> kernel = self.defineHiddenClass(KernelGenerator.generate(lanes), true).lookupClass();
      return (VectorKernel)
          self.findConstructor(kernel, java.lang.invoke.MethodType.methodType(void.class)).invoke();
    } catch (Throwable e) {
      // MethodHandle.invoke declares Throwable; what may come is a linkage error of generated code.
      throw new IllegalStateException("vector kernel of " + lanes + " lanes cannot be made", e);
    }
  }
}
