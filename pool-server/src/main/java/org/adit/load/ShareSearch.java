package org.adit.load;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.adit.hasher.HashEngines;
import org.adit.hasher.HeaderScanner;

/** A thread that keeps the stocks of some connections filled with real shares. */
final class ShareSearch implements Runnable {
  private static final int BATCH = 2_048;
  private static final int SLICE = 1 << 14;
  private static final int LEAST_SLICE = 64;
  private static final long PAUSE_MILLIS = 2;

  private final List<LoadConnection> connections;
  private final AtomicBoolean stop;
  private final HeaderScanner scanner = HashEngines.best().newScanner();
  private final int[] found = new int[BATCH + SLICE];
  private int count;

  /**
   * @param connections owned by this thread as far as searching goes
   */
  ShareSearch(List<LoadConnection> connections, AtomicBoolean stop) {
    this.connections = connections;
    this.stop = stop;
  }

  @Override
  public void run() {
    while (!stop.get()) {
      boolean idle = true;
      for (LoadConnection connection : connections) {
        int missing = connection.stock().missing();
        if (missing > 0 && !stop.get()) {
          idle = false;
          search(connection, Math.min(missing, BATCH));
        }
      }
      if (idle) {
        pause();
      }
    }
  }

  private void search(LoadConnection connection, int wanted) {
    ShareStock stock = connection.stock();
    LoadJob job = stock.job();
    if (job == null) {
      return;
    }
    byte[] extranonce2 = bytes(stock.nextExtranonce2(), connection.extranonce2Bytes());
    scanner.prepare(job.header(extranonce2), 0, job.target());
    count = 0;
    int nonce = 0;
    long tried = 0;
    // No longer than what is wanted takes: others wait for their first share of a new block.
    int slice = slice(wanted, job);
    while (count < wanted && tried < HeaderScanner.ALL_NONCES && isWanted(stock, job)) {
      nonce =
          scanner.scan(nonce, slice, (version, at) -> found[count++] = at, stop::get).nextNonce();
      tried += slice;
    }
    int taken = Math.min(count, BATCH);
    int[] nonces = new int[taken];
    System.arraycopy(found, 0, nonces, 0, taken);
    stock.add(new ShareStock.Batch(job, HexFormat.of().formatHex(extranonce2), nonces, taken));
  }

  private static int slice(int wanted, LoadJob job) {
    BigInteger hashes = job.target().work().hashes().multiply(BigInteger.valueOf(wanted));
    return hashes.bitLength() >= 14
        ? SLICE
        : Math.max(LEAST_SLICE, Integer.highestOneBit(hashes.intValueExact()) << 1);
  }

  private boolean isWanted(ShareStock stock, LoadJob job) {
    LoadJob newest = stock.job();
    return !stop.get() && newest != null && newest.previousText().equals(job.previousText());
  }

  private static byte[] bytes(long value, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < Math.min(size, Long.BYTES); i++) {
      bytes[size - 1 - i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
