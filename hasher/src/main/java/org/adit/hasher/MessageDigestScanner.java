package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Scans by {@link MessageDigest}. The first 64 bytes of the header are digested once per version;
 * each nonce clones that state and feeds the last 16 bytes.
 */
final class MessageDigestScanner implements HeaderScanner {
  private static final int FIRST_BLOCK = 64;
  private static final int TAIL = BlockHeader.BYTES - FIRST_BLOCK;
  private static final int NONCE_IN_TAIL = 12;

  /**
   * Nonces between two looks at the stop signal: up to 1024 hashes, 1 ms compiled, below 50 ms
   * interpreted.
   */
  private static final int NONCES_PER_POLL = 64;

  private static final VarHandle LE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] tail = new byte[TAIL];
  private final byte[] hash = new byte[Hash256.BYTES];
  private final MessageDigest[] midstates = new MessageDigest[MAX_VERSIONS];
  private @Nullable ScanWork work;

  @Override
  public void prepare(byte[] header80, int versionMask, Target target) {
    ScanWork next = new ScanWork(header80, versionMask, target);
    byte[] firstBlock = new byte[FIRST_BLOCK];
    System.arraycopy(header80, 0, firstBlock, 0, FIRST_BLOCK);
    System.arraycopy(header80, FIRST_BLOCK, tail, 0, TAIL);
    for (int i = 0; i < next.versionCount(); i++) {
      LE_INT.set(firstBlock, 0, next.version(i));
      midstates[i] = Sha256d.newDigest();
      midstates[i].update(firstBlock);
    }
    work = next;
  }

  @Override
  public int versionsPerNonce() {
    return prepared().versionCount();
  }

  @Override
  public ScanResult scan(int fromNonce, long count, HitSink sink, BooleanSupplier stop) {
    ScanWork current = prepared();
    ScanWork.checkCount(count);
    long done = 0;
    while (done < count && !stop.getAsBoolean()) {
      int chunk = (int) Math.min(NONCES_PER_POLL, count - done);
      for (int i = 0; i < chunk; i++) {
        tryNonce(current, fromNonce + (int) done + i, sink);
      }
      done += chunk;
    }
    return new ScanResult(done * current.versionCount(), fromNonce + (int) done);
  }

  private void tryNonce(ScanWork current, int nonce, HitSink sink) {
    LE_INT.set(tail, NONCE_IN_TAIL, nonce);
    for (int i = 0; i < current.versionCount(); i++) {
      MessageDigest digest = Sha256d.clone(midstates[i]);
      digest.update(tail);
      Sha256d.finishDouble(digest, hash);
      if (current.target().isMetBy(hash, 0)) {
        sink.hit(current.version(i), nonce);
      }
    }
  }

  private ScanWork prepared() {
    if (work == null) {
      throw new IllegalStateException("nothing to scan (expected: prepare was called)");
    }
    return work;
  }
}
