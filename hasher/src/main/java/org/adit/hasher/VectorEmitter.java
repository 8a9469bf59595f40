package org.adit.hasher;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes calls of the Vector API as bytecode, in the words of FIPS 180-4. Names the API's classes,
 * never loads them: a JVM without the module can load this class.
 *
 * <p>Every operation is a direct call of the API. Small helper methods in the generated class would
 * read better, but C2 stops inlining them once a method has grown, and a single call that is not
 * inlined makes the whole method a hundred times slower; the API's own methods are always inlined.
 */
final class VectorEmitter {
  static final ClassDesc INTS = ConstantDescs.CD_int.arrayType();

  private static final String API = "jdk.incubator.vector.";
  private static final ClassDesc INT_VECTOR = ClassDesc.of(API + "IntVector");
  private static final ClassDesc VECTOR = ClassDesc.of(API + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(API + "VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of(API + "VectorOperators");
  private static final ClassDesc BINARY = ClassDesc.of(API + "VectorOperators$Binary");
  private static final ClassDesc ASSOCIATIVE = ClassDesc.of(API + "VectorOperators$Associative");
  private static final ClassDesc COMPARISON = ClassDesc.of(API + "VectorOperators$Comparison");
  private static final ClassDesc MASK = ClassDesc.of(API + "VectorMask");

  private static final MethodTypeDesc VECTOR_TO_VECTOR = MethodTypeDesc.of(INT_VECTOR, VECTOR);

  private final CodeBuilder code;
  private final int lanes;

  VectorEmitter(CodeBuilder code, int lanes) {
    this.code = code;
    this.lanes = lanes;
  }

  CodeBuilder code() {
    return code;
  }

  /** Pushes the vector in the slot. */
  void push(int slot) {
    code.aload(slot);
  }

  /** Pops a vector into the slot. */
  void pop(int slot) {
    code.astore(slot);
  }

  /** Pushes all lanes alike: a number known now. */
  void pushConstant(int value) {
    species();
    code.loadConstant(value);
    broadcast();
  }

  /**
   * Pushes all lanes alike: an element of the array in slot {@code array}, whose index {@code
   * index} pushes.
   */
  void pushBroadcast(int array, Runnable index) {
    species();
    code.aload(array);
    index.run();
    code.iaload();
    broadcast();
  }

  /** Pushes all lanes alike: an element of a static table of {@link Sha256}. */
  void pushTableEntry(String table, Runnable index) {
    species();
    code.getstatic(ClassDesc.of(Sha256.class.getName()), table, INTS);
    index.run();
    code.iaload();
    broadcast();
  }

  /** Pushes the vector at the element {@code index} pushes, of the array in slot {@code array}. */
  void load(int array, Runnable index) {
    species();
    code.aload(array);
    index.run();
    code.invokestatic(
        INT_VECTOR,
        "fromArray",
        MethodTypeDesc.of(INT_VECTOR, SPECIES, INTS, ConstantDescs.CD_int));
  }

  /** Pops a vector into the element {@code index} pushes. */
  void store(int array, Runnable index) {
    code.aload(array);
    index.run();
    code.invokevirtual(
        INT_VECTOR,
        "intoArray",
        MethodTypeDesc.of(ConstantDescs.CD_void, INTS, ConstantDescs.CD_int));
  }

  void add() {
    code.invokevirtual(INT_VECTOR, "add", VECTOR_TO_VECTOR);
  }

  /** Pushes Ch(e, f, g) in a form that becomes one three-input operation where the CPU has them. */
  void pushChoose(int e, int f, int g) {
    push(g);
    xorWith(() -> {
      push(e);
      push(f);
      xorWith(() -> push(g));
      and();
    });
  }

  /**
   * Pushes Maj(a, b, c). Written so that it shares no term with the next round: shared terms would
   * keep C2 from folding it into one operation.
   */
  void pushMajority(int a, int b, int c) {
    push(a);
    push(b);
    and();
    push(c);
    push(a);
    push(b);
    or();
    and();
    or();
  }

  void pushBigSigma0(int x) {
    pushRotations(x, 2, 13, 22);
  }

  void pushBigSigma1(int x) {
    pushRotations(x, 6, 11, 25);
  }

  void pushSmallSigma0(int x) {
    pushRotationsAndShift(x, 7, 18, 3);
  }

  void pushSmallSigma1(int x) {
    pushRotationsAndShift(x, 17, 19, 10);
  }

  /**
   * Pops a vector and pushes, as {@code long}, a bit for each lane that is 0 under the mask in the
   * slot.
   */
  void zeroLanes(int maskSlot) {
    species();
    code.iload(maskSlot);
    broadcast();
    and();
    code.getstatic(OPERATORS, "EQ", COMPARISON)
        .loadConstant(0)
        .invokevirtual(
            INT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, ConstantDescs.CD_int))
        .invokevirtual(MASK, "toLong", MethodTypeDesc.of(ConstantDescs.CD_long));
  }

  private void pushRotations(int x, int first, int second, int third) {
    push(x);
    shift("ROR", first);
    xorWith(() -> pushShifted(x, "ROR", second));
    xorWith(() -> pushShifted(x, "ROR", third));
  }

  private void pushRotationsAndShift(int x, int first, int second, int shift) {
    push(x);
    shift("ROR", first);
    xorWith(() -> pushShifted(x, "ROR", second));
    xorWith(() -> pushShifted(x, "LSHR", shift));
  }

  private void pushShifted(int x, String operator, int bits) {
    push(x);
    shift(operator, bits);
  }

  private void shift(String operator, int bits) {
    code.getstatic(OPERATORS, operator, BINARY)
        .loadConstant(bits)
        .invokevirtual(
            INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY, ConstantDescs.CD_int));
  }

  private void xorWith(Runnable pushOther) {
    code.getstatic(OPERATORS, "XOR", ASSOCIATIVE);
    pushOther.run();
    code.invokevirtual(INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY, VECTOR));
  }

  private void and() {
    code.invokevirtual(INT_VECTOR, "and", VECTOR_TO_VECTOR);
  }

  private void or() {
    code.invokevirtual(INT_VECTOR, "or", VECTOR_TO_VECTOR);
  }

  private void species() {
    code.getstatic(INT_VECTOR, "SPECIES_" + lanes * Integer.SIZE, SPECIES);
  }

  private void broadcast() {
    code.invokestatic(
        INT_VECTOR, "broadcast", MethodTypeDesc.of(INT_VECTOR, SPECIES, ConstantDescs.CD_int));
  }
}
