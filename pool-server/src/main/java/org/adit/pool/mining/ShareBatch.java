package org.adit.pool.mining;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.ShareBatchVerifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes the shares together that one event loop has read in one turn, of all its connections.
 *
 * <p>A loop reads every socket that has something before it runs its tasks; the task of this batch
 * then hashes what has gathered, side by side where that pays. So a busy pool needs less time for a
 * share, and a quiet one does not wait.
 *
 * <p>Answers come in the order of {@link #add}. Used on its event loop only.
 */
public final class ShareBatch {
  private static final Logger LOG = LoggerFactory.getLogger(ShareBatch.class);

  /** Shares hashed at once at most; more are hashed in several goes. */
  static final int CAPACITY = 256;

  /** What is done with a share once its hash is known. */
  interface Hashed {
    /**
     * Takes the share on from here.
     *
     * @param header the 80 bytes the share stands for; the callee's own
     * @param hash of the header
     */
    void hashed(byte[] header, Hash256 hash);

    /** {@link #hashed} threw something; nothing may be thrown here. */
    void failed();
  }

  private final ShareBatchVerifier verifier = new ShareBatchVerifier(CAPACITY);
  private final ArrayDeque<Hashed> waiting = new ArrayDeque<>();
  private final Executor loop;

  /**
   * Makes the batch of one event loop.
   *
   * @param loop runs a task on the event loop, after what the loop does at the moment
   */
  public ShareBatch(Executor loop) {
    this.loop = loop;
  }

  /**
   * Takes a share in.
   *
   * @param version all 32 bits of the header's version
   * @param then called once on the event loop, not before this method has returned
   */
  void add(SentJob sent, Submission share, int version, Hashed then) {
    if (waiting.size() == CAPACITY) {
      hashAll();
    }
    verifier.add(sent.hashing(), share.extranonce2(), 0, version, share.ntime(), share.nonce());
    waiting.add(then);
    if (waiting.size() == 1) {
      loop.execute(this::hashAll);
    }
  }

  private void hashAll() {
    try {
      verifier.verify();
      answerAll();
    } catch (RuntimeException e) {
      // Whoever is left must hear something, and the next turn must find the batch empty.
      LOG.error("a batch of shares could not be finished", e);
      List<Hashed> left = List.copyOf(waiting);
      waiting.clear();
      left.forEach(Hashed::failed);
    } finally {
      verifier.clear();
    }
  }

  private void answerAll() {
    for (int share = 0; !waiting.isEmpty(); share++) {
      byte[] header = new byte[BlockHeader.BYTES];
      verifier.copyHeader(share, header, 0);
      Hashed then = waiting.remove();
      try {
        then.hashed(header, verifier.hash(share));
      } catch (RuntimeException e) {
        // A fault met with one connection's share must not cost the others theirs.
        LOG.error("a share could not be judged", e);
        then.failed();
      }
    }
  }
}
