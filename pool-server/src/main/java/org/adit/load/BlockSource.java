package org.adit.load;

/** Makes a new block on a private chain, so that the way of the news to the miners is timed. */
public interface BlockSource {
  /** A block that is ready to be given to the node. */
  interface Prepared {
    /** Its hash as miners see it: the second parameter of {@code mining.notify}. */
    String stratumHash();

    /** Gives it to the node; returns when the node has answered. */
    void submit() throws LoadException;
  }

  /** Makes the next block without giving it to the node. */
  Prepared prepare() throws LoadException;
}
