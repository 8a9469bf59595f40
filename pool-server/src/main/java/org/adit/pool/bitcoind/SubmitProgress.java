package org.adit.pool.bitcoind;

/** Hears how a submission goes, attempt by attempt. Called on the submission's own thread. */
public interface SubmitProgress {
  /** Nobody listens. */
  SubmitProgress NONE =
      new SubmitProgress() {
        @Override
        public void sent(int attempt) {
          // nobody listens
        }

        @Override
        public void answered(int attempt, String words) {
          // nobody listens
        }

        @Override
        public void decided(int attempt, String words) {
          // nobody listens
        }
      };

  /** The block is being sent; the first attempt is 1. */
  void sent(int attempt);

  /**
   * An attempt ended without a verdict.
   *
   * @param words the node's word, or why there was none; fit for messages
   */
  void answered(int attempt, String words);

  /**
   * The node has decided.
   *
   * @param words its word, and where the block stands when it is found; fit for messages
   */
  void decided(int attempt, String words);
}
