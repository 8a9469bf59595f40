package org.adit.hasher;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.adit.hasher.VectorEmitter.INTS;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes the class of a {@link VectorKernel} for one vector width.
 *
 * <p>Why generated: C2 makes good code of the Vector API only from long straight methods without
 * helpers (see {@link VectorEmitter}), which nobody wants to read or keep in step for three widths.
 * Here each rule stands once. The classes are made at start-up, in some ten milliseconds, so that
 * no vector class is named by any compiled class of the module and the JVM may lack {@code
 * jdk.incubator.vector}.
 *
 * <p>Structure: schedules and rounds are separate methods that talk through one {@code int[]};
 * sixteen words and sixteen state vectors in one method would not fit the registers. See
 * docs/sha256d.md.
 */
final class KernelGenerator {
  private static final ClassDesc SELF =
      ClassDesc.of(VectorKernel.class.getPackageName(), "GeneratedKernel");
  private static final MethodTypeDesc EXPAND = MethodTypeDesc.of(CD_void, INTS, CD_int);
  private static final MethodTypeDesc EXPAND_WITH_PARTS =
      MethodTypeDesc.of(CD_void, INTS, CD_int, INTS);
  private static final MethodTypeDesc VERSION_ROUNDS =
      MethodTypeDesc.of(CD_void, INTS, CD_int, CD_int, INTS, CD_int, CD_int, INTS);
  private static final MethodTypeDesc NONCE_ROUNDS =
      MethodTypeDesc.of(CD_void, INTS, CD_int, INTS, INTS);
  private static final MethodTypeDesc FINAL_ROUNDS = MethodTypeDesc.of(CD_long, INTS, CD_int);
  private static final MethodTypeDesc BLOCK = MethodTypeDesc.of(CD_void, INTS, INTS);
  private static final MethodTypeDesc SPREAD =
      MethodTypeDesc.of(CD_void, INTS, CD_int, CD_int, INTS, CD_int);

  /** The round in which the nonce enters; what comes before is done once per job. */
  private static final int NONCE_ROUND = 3;

  /**
   * The last word of hash 2 is e after this round; a and the later rounds are not needed for it.
   */
  private static final int LAST_ROUND = 60;

  /** From here on only the e side of hash 2 is needed. */
  private static final int E_ROUNDS = 57;

  /** Local variables free in all generated methods. */
  private static final int COUNTER = 10;

  private static final int CURSOR = 11;
  private static final int K_VECTOR = 12;
  private static final int WORD = 13;
  private static final int OTHER_WORD = 14;

  private final int lanes;
  private final int size;

  private KernelGenerator(int lanes) {
    this.lanes = lanes;
    this.size = VectorKernel.SCHEDULE_VECTORS * lanes;
  }

  /**
   * Returns the bytes of a class of this package that implements {@link VectorKernel}.
   *
   * @param lanes 4, 8 or 16
   */
  static byte[] generate(int lanes) {
    if (lanes != 4 && lanes != 8 && lanes != 16) {
      throw new IllegalArgumentException("lanes: " + lanes + " (expected: 4, 8 or 16)");
    }
    return ClassFile.of().build(SELF, new KernelGenerator(lanes)::writeClass);
  }

  private void writeClass(ClassBuilder type) {
    type.withFlags(ClassFile.ACC_FINAL)
        .withInterfaceSymbols(ClassDesc.of(VectorKernel.class.getName()));
    type.withMethodBody(
        "<init>",
        ConstantDescs.MTD_void,
        0,
        code -> code.aload(0).invokespecial(CD_Object, "<init>", ConstantDescs.MTD_void).return_());
    type.withMethodBody(
        "lanes",
        MethodTypeDesc.of(CD_int),
        ClassFile.ACC_PUBLIC,
        code -> code.loadConstant(lanes).ireturn());
    writeSchedules(type);
    method(type, "versionRounds", VERSION_ROUNDS, this::versionRounds);
    method(type, "nonceRounds", NONCE_ROUNDS, this::nonceRounds);
    method(type, "finalRounds", FINAL_ROUNDS, this::finalRounds);
    writeShareMethods(type);
    writePasses(type);
  }

  private void writeSchedules(ClassBuilder type) {
    schedule(type, "expand16", 16, 32, ScheduleEmitter.NOTHING);
    schedule(type, "expand32", 32, 48, ScheduleEmitter.NOTHING);
    schedule(type, "expand48", 48, 64, ScheduleEmitter.NOTHING);
    schedule(type, "expand16After32Bytes", 16, 32, ScheduleEmitter.PADDING_OF_32);
    schedule(type, "expand48ToLastRound", 48, LAST_ROUND + 1, ScheduleEmitter.NOTHING);
    method(
        type,
        "expand16OfNonces",
        EXPAND_WITH_PARTS,
        v -> new ScheduleEmitter(v, lanes).expand(18, 32, ScheduleEmitter.HEADER_TAIL));
  }

  private void schedule(
      ClassBuilder type, String name, int from, int to, ScheduleEmitter.Known known) {
    method(type, name, EXPAND, v -> new ScheduleEmitter(v, lanes).expand(from, to, known));
  }

  // The first hash of a header: rounds of its second block, from midstates to digests.

  /**
   * (job, jobA, jobB, table, columnA, columnB, scratch): lanes are versions, words are broadcast.
   */
  private void versionRounds(VectorEmitter v) {
    CodeBuilder code = v.code();
    RoundEmitter rounds = new RoundEmitter(v, VectorKernel.STREAMS);
    forEachStream(stream ->
        enterAfterNonce(
            v,
            rounds,
            stream,
            i -> v.load(0, () -> code.iload(1 + stream).loadConstant(i * lanes).iadd()),
            () -> v.pushBroadcast(3, () -> tableIndex(code, stream, NONCE_ROUND))));
    rounds.loop(
        NONCE_ROUND + 1,
        Sha256.ROUNDS,
        COUNTER,
        () -> code.iload(COUNTER).loadConstant(VectorKernel.COLUMNS).imul().istore(CURSOR),
        (stream, offset) -> {
          v.pushBroadcast(
              3,
              () ->
                  code.iload(4 + stream)
                      .iload(CURSOR)
                      .iadd()
                      .loadConstant(offset * VectorKernel.COLUMNS)
                      .iadd());
          v.add();
        });
    forEachStream(stream ->
        storeDigest(
            v,
            rounds,
            stream,
            i ->
                v.load(
                    0,
                    () ->
                        code.iload(1 + stream)
                            .loadConstant((Sha256.STATE_WORDS + i) * lanes)
                            .iadd()),
            6));
    code.return_();
  }

  private static void tableIndex(CodeBuilder code, int stream, int word) {
    code.iload(4 + stream).loadConstant(word * VectorKernel.COLUMNS).iadd();
  }

  /** (job, block, schedules, scratch): lanes are nonces, words are vectors. */
  private void nonceRounds(VectorEmitter v) {
    CodeBuilder code = v.code();
    RoundEmitter rounds = new RoundEmitter(v, VectorKernel.STREAMS);
    forEachStream(stream ->
        enterAfterNonce(
            v,
            rounds,
            stream,
            i -> v.load(0, () -> code.iload(1).loadConstant(i * lanes).iadd()),
            () -> v.load(2, () -> code.loadConstant(stream * size + NONCE_ROUND * lanes))));
    loopWithSchedules(v, rounds, NONCE_ROUND + 1, Sha256.ROUNDS, 2);
    forEachStream(stream ->
        storeDigest(
            v,
            rounds,
            stream,
            i ->
                v.load(
                    0, () -> code.iload(1).loadConstant((Sha256.STATE_WORDS + i) * lanes).iadd()),
            3));
    code.return_();
  }

  /** Loads the state after round 3, whose a and e still lack the nonce's word. */
  private void enterAfterNonce(
      VectorEmitter v, RoundEmitter rounds, int stream, IntConsumer pushState, Runnable pushNonce) {
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      pushState.accept(i);
      if (i == 0 || i == 4) {
        pushNonce.run();
        v.add();
      }
      v.pop(rounds.slot(stream, i));
    }
  }

  /**
   * Adds the midstate; the digest becomes words 0 to 7 of the stream's schedule in {@code scratch}.
   */
  private void storeDigest(
      VectorEmitter v, RoundEmitter rounds, int stream, IntConsumer pushMidstate, int scratch) {
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      int word = i;
      pushMidstate.accept(i);
      v.push(rounds.slot(stream, i));
      v.add();
      v.store(scratch, () -> v.code().loadConstant(stream * size + word * lanes));
    }
  }

  // The second hash of a header, as far as its last word, and the filter.

  /** (scratch, mask). */
  private void finalRounds(VectorEmitter v) {
    CodeBuilder code = v.code();
    RoundEmitter rounds = new RoundEmitter(v, VectorKernel.STREAMS);
    forEachStream(stream -> enterAfterFirstRound(v, rounds, stream));
    loopWithSchedules(v, rounds, 1, E_ROUNDS, 0);
    for (int t = E_ROUNDS; t <= LAST_ROUND; t++) {
      int round = t;
      forEachStream(stream ->
          rounds.roundOfE(
              stream,
              round,
              (s, offset) -> {
                v.pushConstant(Sha256.K[offset]);
                v.add();
                v.load(0, () -> code.loadConstant(s * size + offset * lanes));
                v.add();
              }));
    }
    forEachStream(stream -> {
      v.push(rounds.slot(stream, 4));
      v.pushConstant(Sha256.initial(7));
      v.add();
      v.zeroLanes(1);
      if (stream > 0) {
        code.loadConstant(stream * lanes).lshl().lor();
      }
    });
    code.lreturn();
  }

  /** The state after round 0, of which only a and e depend on the message: two additions. */
  private void enterAfterFirstRound(VectorEmitter v, RoundEmitter rounds, int stream) {
    int[] state = Sha256.initialState();
    Sha256.rounds(state, new int[Sha256.ROUNDS], 0, 1);
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      v.pushConstant(state[i]);
      if (i == 0 || i == 4) {
        v.load(0, () -> v.code().loadConstant(stream * size));
        v.add();
      }
      v.pop(rounds.slot(stream, i));
    }
  }

  /**
   * Rounds whose words are vectors in the schedules of array {@code schedules}; K serves both
   * streams.
   */
  private void loopWithSchedules(
      VectorEmitter v, RoundEmitter rounds, int from, int to, int schedules) {
    CodeBuilder code = v.code();
    rounds.loop(
        from,
        to,
        COUNTER,
        () -> code.iload(COUNTER).loadConstant(lanes).imul().istore(CURSOR),
        (stream, offset) -> {
          if (stream == 0) {
            v.pushTableEntry("K", () -> code.iload(COUNTER).loadConstant(offset).iadd());
            v.pop(K_VECTOR);
          }
          v.push(K_VECTOR);
          v.add();
          v.load(
              schedules,
              () -> code.iload(CURSOR).loadConstant(stream * size + offset * lanes).iadd());
          v.add();
        });
  }

  // Whole blocks, for the verifier.

  private void writeShareMethods(ClassBuilder type) {
    publicMethod(type, "compress", BLOCK, v -> wholeBlock(v, Start.STATE, 1, 2, 1));
    publicMethod(type, "compressFirst", BLOCK, v -> wholeBlock(v, Start.INITIAL, 0, 1, 2));
    publicMethod(type, "compressPaddingOf64", BLOCK, this::paddingBlock);
    publicMethod(type, "spread", SPREAD, this::spread);
  }

  /** Where a block's rounds begin: at the state in memory or at that of FIPS 180-4, 5.3.3. */
  private enum Start {
    STATE,
    INITIAL
  }

  /**
   * All rounds of one block. Round t also makes schedule word t + 16: its operations fill the gaps
   * in which rounds of a single stream wait for each other.
   *
   * @param state slot of the array that holds the state before, unless {@code start} is initial
   * @param schedule slot of the array with the block
   * @param out slot of the array whose vectors 0 to 7 receive the state after
   */
  private void wholeBlock(VectorEmitter v, Start start, int state, int schedule, int out) {
    RoundEmitter rounds = new RoundEmitter(v, 1);
    enterBlock(v, rounds, start, state);
    int mixed = Sha256.ROUNDS - Sha256.BLOCK_WORDS;
    Runnable cursor = () -> v.code().iload(COUNTER).loadConstant(lanes).imul().istore(CURSOR);
    rounds.loop(
        0,
        mixed,
        COUNTER,
        cursor,
        (stream, offset) -> {
          addTableEntry(v, "K", offset);
          loadWord(v, schedule, offset, WORD);
          v.push(WORD);
          v.add();
          expandWord(v, schedule, offset);
        });
    rounds.loop(
        mixed,
        Sha256.ROUNDS,
        COUNTER,
        cursor,
        (stream, offset) -> {
          addTableEntry(v, "K", offset);
          loadWord(v, schedule, offset, WORD);
          v.push(WORD);
          v.add();
        });
    leaveBlock(v, rounds, start, state, out);
  }

  /**
   * Makes and stores word t + 16, t being {@code offset} after the counter, with word t in its
   * variable.
   */
  private void expandWord(VectorEmitter v, int schedule, int offset) {
    v.push(WORD);
    loadWord(v, schedule, offset + 1, OTHER_WORD);
    v.pushSmallSigma0(OTHER_WORD);
    v.add();
    loadWord(v, schedule, offset + 9, OTHER_WORD);
    v.push(OTHER_WORD);
    v.add();
    loadWord(v, schedule, offset + 14, OTHER_WORD);
    v.pushSmallSigma1(OTHER_WORD);
    v.add();
    v.store(schedule, () -> wordIndex(v.code(), offset + Sha256.BLOCK_WORDS));
  }

  /** (state, out): the block that pads 64 bytes, whose schedule is a table. */
  private void paddingBlock(VectorEmitter v) {
    RoundEmitter rounds = new RoundEmitter(v, 1);
    enterBlock(v, rounds, Start.STATE, 1);
    rounds.loop(
        0,
        Sha256.ROUNDS,
        COUNTER,
        () -> {},
        (stream, offset) -> addTableEntry(v, "KW_AFTER_64_BYTES", offset));
    leaveBlock(v, rounds, Start.STATE, 1, 2);
  }

  private void enterBlock(VectorEmitter v, RoundEmitter rounds, Start start, int state) {
    for (int word = 0; word < Sha256.STATE_WORDS; word++) {
      pushStart(v, start, state, word);
      v.pop(rounds.slot(0, word));
    }
  }

  private void leaveBlock(VectorEmitter v, RoundEmitter rounds, Start start, int state, int out) {
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      int word = i;
      pushStart(v, start, state, word);
      v.push(rounds.slot(0, word));
      v.add();
      v.store(out, () -> v.code().loadConstant(word * lanes));
    }
    v.code().return_();
  }

  private void pushStart(VectorEmitter v, Start start, int state, int word) {
    if (start == Start.INITIAL) {
      v.pushConstant(Sha256.initial(word));
    } else {
      v.load(state, () -> v.code().loadConstant(word * lanes));
    }
  }

  /** Adds an element of a table, {@code offset} after the counter. */
  private static void addTableEntry(VectorEmitter v, String table, int offset) {
    v.pushTableEntry(table, () -> v.code().iload(COUNTER).loadConstant(offset).iadd());
    v.add();
  }

  private void loadWord(VectorEmitter v, int schedule, int offset, int slot) {
    v.load(schedule, () -> wordIndex(v.code(), offset));
    v.pop(slot);
  }

  private void wordIndex(CodeBuilder code, int offset) {
    code.iload(CURSOR).loadConstant(offset * lanes).iadd();
  }

  /** (words, from, count, array, vector): each word into all lanes of a vector. */
  private void spread(VectorEmitter v) {
    CodeBuilder code = v.code();
    code.loadConstant(0).istore(COUNTER);
    code.iload(5).loadConstant(lanes).imul().istore(CURSOR);
    var top = code.newBoundLabel();
    v.pushBroadcast(1, () -> code.iload(2).iload(COUNTER).iadd());
    v.store(4, () -> code.iload(CURSOR));
    code.iload(CURSOR).loadConstant(lanes).iadd().istore(CURSOR);
    code.iinc(COUNTER, 1).iload(COUNTER).iload(3).if_icmplt(top).return_();
  }

  // The methods of the interface: sequences of the above.

  private void writePasses(ClassBuilder type) {
    type.withMethodBody(
        "versionsPass",
        MethodTypeDesc.of(CD_long, INTS, CD_int, CD_int, INTS, CD_int, CD_int, INTS, CD_int),
        ClassFile.ACC_PUBLIC,
        code -> {
          code.aload(1).iload(2).iload(3).aload(4).iload(5).iload(6).aload(7);
          call(code, "versionRounds", VERSION_ROUNDS);
          finish(code, 7, 8);
        });
    type.withMethodBody(
        "noncesPass",
        MethodTypeDesc.of(CD_long, INTS, CD_int, INTS, INTS, INTS, CD_int),
        ClassFile.ACC_PUBLIC,
        code -> {
          forEachStream(stream -> {
            code.aload(3).loadConstant(stream * size).aload(4);
            call(code, "expand16OfNonces", EXPAND_WITH_PARTS);
            expand(code, 3, stream, "expand32", "expand48");
          });
          code.aload(1).iload(2).aload(3).aload(5);
          call(code, "nonceRounds", NONCE_ROUNDS);
          finish(code, 5, 6);
        });
    type.withMethodBody(
        "broadcastTable",
        MethodTypeDesc.of(CD_void, INTS, INTS, CD_int),
        ClassFile.ACC_PUBLIC,
        this::broadcastTable);
  }

  private void broadcastTable(CodeBuilder code) {
    VectorEmitter v = new VectorEmitter(code, lanes);
    expand(code, 1, 0, "expand16", "expand32", "expand48");
    // The state the job enters with holds K of this round already.
    v.load(1, () -> code.loadConstant(NONCE_ROUND * lanes));
    v.store(2, () -> code.loadConstant(NONCE_ROUND * VectorKernel.COLUMNS).iload(3).iadd());
    code.loadConstant(NONCE_ROUND + 1).istore(COUNTER);
    var top = code.newBoundLabel();
    v.load(1, () -> code.iload(COUNTER).loadConstant(lanes).imul());
    v.pushTableEntry("K", () -> code.iload(COUNTER));
    v.add();
    v.store(2, () -> code.iload(COUNTER).loadConstant(VectorKernel.COLUMNS).imul().iload(3).iadd());
    code.iinc(COUNTER, 1).iload(COUNTER).loadConstant(Sha256.ROUNDS).if_icmplt(top).return_();
  }

  /** Expands both schedules of the scratch and returns what the final rounds say. */
  private void finish(CodeBuilder code, int scratch, int mask) {
    forEachStream(stream ->
        expand(code, scratch, stream, "expand16After32Bytes", "expand32", "expand48ToLastRound"));
    code.aload(scratch).iload(mask);
    call(code, "finalRounds", FINAL_ROUNDS);
    code.lreturn();
  }

  private void expand(CodeBuilder code, int schedules, int stream, String... steps) {
    for (String step : steps) {
      code.aload(schedules).loadConstant(stream * size);
      call(code, step, EXPAND);
    }
  }

  private static void call(CodeBuilder code, String name, MethodTypeDesc type) {
    code.invokestatic(SELF, name, type);
  }

  private void method(
      ClassBuilder type, String name, MethodTypeDesc signature, Consumer<VectorEmitter> body) {
    type.withMethodBody(
        name, signature, ClassFile.ACC_STATIC, code -> body.accept(new VectorEmitter(code, lanes)));
  }

  private void publicMethod(
      ClassBuilder type, String name, MethodTypeDesc signature, Consumer<VectorEmitter> body) {
    type.withMethodBody(
        name, signature, ClassFile.ACC_PUBLIC, code -> body.accept(new VectorEmitter(code, lanes)));
  }

  private static void forEachStream(IntConsumer body) {
    for (int stream = 0; stream < VectorKernel.STREAMS; stream++) {
      body.accept(stream);
    }
  }
}
