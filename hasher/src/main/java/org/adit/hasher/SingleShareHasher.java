package org.adit.hasher;

import java.security.MessageDigest;

/**
 * Hashes one share at a time by {@link MessageDigest}. One digest and one buffer serve all: cloning
 * a midstate would save a block or two and cost an allocation.
 */
final class SingleShareHasher {
  private static final int MERKLE_ROOT = 36;

  private final MessageDigest digest = Sha256d.newDigest();
  private final byte[] pair = new byte[2 * Hash256.BYTES];
  private byte[] coinbase = new byte[512];

  /** Writes the share's header and hash into the batch. */
  void hash(ShareBatchVerifier batch, int share) {
    ChannelJob channel = batch.job(share);
    ShareJob job = channel.job();
    int length = job.coinbase().length;
    if (coinbase.length < length) {
      // Once per larger coinbase, not per batch.
      coinbase = new byte[Integer.highestOneBit(length) * 2];
    }
    System.arraycopy(job.coinbase(), 0, coinbase, 0, length);
    System.arraycopy(
        channel.prefix(), 0, coinbase, job.extranonceOffset(), channel.prefix().length);
    System.arraycopy(
        batch.extranonces(),
        share * ShareJob.MAX_EXTRANONCE,
        coinbase,
        channel.extranonce2Offset(),
        channel.extranonce2Size());
    digest.update(coinbase, 0, length);
    Sha256d.finishDouble(digest, pair);
    byte[] branch = job.branch();
    for (int at = 0; at < branch.length; at += Hash256.BYTES) {
      System.arraycopy(branch, at, pair, Hash256.BYTES, Hash256.BYTES);
      digest.update(pair);
      Sha256d.finishDouble(digest, pair);
    }
    batch.assembleHeader(share);
    int header = share * BlockHeader.BYTES;
    System.arraycopy(pair, 0, batch.headers(), header + MERKLE_ROOT, Hash256.BYTES);
    digest.update(batch.headers(), header, BlockHeader.BYTES);
    Sha256d.finishDouble(digest, pair);
    System.arraycopy(pair, 0, batch.hashes(), share * Hash256.BYTES, Hash256.BYTES);
  }
}
