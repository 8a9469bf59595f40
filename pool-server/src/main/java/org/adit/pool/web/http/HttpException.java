package org.adit.pool.web.http;

/** A request cannot be answered as asked; becomes a problem document. */
public final class HttpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status 400 to 503
   * @param detail for the asker, without anything it sent
   */
  public HttpException(int status, String detail) {
    super(detail);
    this.status = status;
  }

  /** The status to answer with. */
  public int status() {
    return status;
  }

  /** What to answer. */
  Reply reply() {
    return Reply.problem(status, String.valueOf(getMessage()));
  }
}
