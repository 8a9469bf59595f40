package org.adit.miner;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a pool is, as miners write it.
 *
 * @param host name or address, IPv6 without brackets
 * @param port TCP port, 1 to 65535
 * @param extranonceSubscribe whether the URL ends in {@code #xnsub}: the client then asks for
 *     {@code mining.set_extranonce}
 */
public record PoolUrl(String host, int port, boolean extranonceSubscribe) {

  /** Checks the port. */
  public PoolUrl {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "not a pool (expected: a host, and a port from 1 to 65535)");
    }
  }

  /**
   * Reads {@code stratum+tcp://host:port}, also without the scheme, and with {@code #xnsub} at the
   * end.
   *
   * @throws IllegalArgumentException for anything else; the message says what is expected
   */
  public static PoolUrl parse(String text) {
    String full = text.contains("://") ? text : "stratum+tcp://" + text;
    URI uri;
    try {
      uri = new URI(full);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a pool URL (expected: stratum+tcp://host:port)", e);
    }
    if (!"stratum+tcp".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "only plain Stratum is spoken (expected: stratum+tcp://host:port)");
    }
    String path = uri.getRawPath();
    if (uri.getHost() == null
        || uri.getPort() < 1
        || uri.getRawUserInfo() != null
        || (path != null && !path.isEmpty() && !path.equals("/"))) {
      throw new IllegalArgumentException("not a pool URL (expected: stratum+tcp://host:port)");
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    return new PoolUrl(host, uri.getPort(), "xnsub".equals(uri.getFragment()));
  }

  /** {@code stratum+tcp://host:port}. */
  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return "stratum+tcp://" + shown + ":" + port + (extranonceSubscribe ? "#xnsub" : "");
  }
}
