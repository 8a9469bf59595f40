package org.adit.pool.web.http;

/** What a handler gives back: a whole {@link Reply}, or that the reader wants a {@link Stream}. */
public sealed interface Answer permits Reply, Answer.Stream {
  /**
   * The connection becomes an event stream.
   *
   * @param operator whether it may see what only fleet readers see
   */
  record Stream(boolean operator) implements Answer {}
}
