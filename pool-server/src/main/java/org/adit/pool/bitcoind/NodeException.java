package org.adit.pool.bitcoind;

/** A call to bitcoind that gave no result: it answered with an error, or it did not answer. */
public abstract sealed class NodeException extends Exception
    permits RpcException, NodeUnavailableException {
  private static final long serialVersionUID = 1L;

  NodeException(String message) {
    super(message);
  }

  NodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
