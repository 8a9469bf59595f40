package org.adit.pool.bitcoind;

/**
 * bitcoind answered a call with an error. Codes are those of Bitcoin Core's {@code rpc/protocol.h}.
 */
public final class RpcException extends NodeException {
  private static final long serialVersionUID = 1L;

  /** The call itself is wrong, or what it asks for does not exist. */
  public static final int MISC_ERROR = -1;

  /** No such block, transaction or address. */
  public static final int NOT_FOUND = -5;

  /** A parameter is out of range; getblocktemplate: a rule the caller did not name. */
  public static final int INVALID_PARAMETER = -8;

  /** No peers. */
  public static final int NOT_CONNECTED = -9;

  /** Still in initial block download. */
  public static final int IN_INITIAL_DOWNLOAD = -10;

  /** A block or transaction does not decode. */
  public static final int DESERIALIZATION_ERROR = -22;

  /** Starting; the text says what it is doing. */
  public static final int IN_WARMUP = -28;

  /** This node does not have the method. */
  public static final int METHOD_NOT_FOUND = -32601;

  private final String method;
  private final int code;
  private final String text;

  /**
   * An error as the node gave it.
   *
   * @param method the method called
   * @param code the node's number
   * @param text the node's words, unchanged
   */
  public RpcException(String method, int code, String text) {
    super("bitcoind answered " + method + " with error " + code + ": " + Printable.of(text));
    this.method = method;
    this.code = code;
    this.text = text;
  }

  /** The method called. */
  public String method() {
    return method;
  }

  /** The node's number. */
  public int code() {
    return code;
  }

  /**
   * The node's words, unchanged: not fit for a log line as they are, unlike {@link #getMessage()}.
   */
  public String text() {
    return text;
  }
}
