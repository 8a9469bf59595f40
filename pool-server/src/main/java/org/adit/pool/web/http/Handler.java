package org.adit.pool.web.http;

/** Answers requests; may wait, as it never runs on an event loop. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers.
   *
   * @throws HttpException when it cannot be answered as asked
   * @throws Exception when something of the pool's own fails; the asker learns nothing of it
   */
  Answer handle(Request request) throws Exception;
}
