package org.adit.hasher;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Asks the Vector API, without naming it in compiled code, for the vector shape it prefers here.
 */
final class PreferredLanes {
  private PreferredLanes() {}

  /** Lanes of {@code IntVector.SPECIES_PREFERRED}, within the 4 to 16 the kernels know. */
  static int ask() {
    ClassDesc species = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    byte[] asker =
        ClassFile.of()
            .build(
                ClassDesc.of(PreferredLanes.class.getPackageName(), "GeneratedQuestion"),
                type ->
                    type.withMethodBody(
                        "lanes",
                        MethodTypeDesc.of(ConstantDescs.CD_int),
                        ClassFile.ACC_STATIC,
                        code ->
                            code.getstatic(
                                    ClassDesc.of("jdk.incubator.vector.IntVector"),
                                    "SPECIES_PREFERRED",
                                    species)
                                .invokeinterface(
                                    species, "length", MethodTypeDesc.of(ConstantDescs.CD_int))
                                .ireturn()));
    try {
      MethodHandles.Lookup self = MethodHandles.lookup().defineHiddenClass(asker, true);
      int lanes =
          (int)
              self.findStatic(self.lookupClass(), "lanes", MethodType.methodType(int.class))
                  .invokeExact();
      return Math.clamp(lanes, 4, 16);
    } catch (Throwable e) {
      // MethodHandle.invokeExact declares Throwable; what may come is a linkage error.
      throw new IllegalStateException("the Vector API does not tell its preferred shape", e);
    }
  }
}
