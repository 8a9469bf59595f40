package org.adit.pool.web.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as handlers see it. Everything in it comes from outside.
 *
 * @param method in capitals
 * @param segments of the path, decoded one by one, so that an encoded slash stays inside
 * @param query decoded; of a name that stands twice the first counts
 * @param headers names in lower case
 * @param body at most 64 KiB; treat as immutable
 * @param from who asks
 * @param port of ours it came to
 * @param operator whether the token came with it
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one request
public record Request(
    String method,
    List<String> segments,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    InetAddress from,
    int port,
    boolean operator) {

  /** A header's value. */
  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /** A query parameter. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** The same with what a token brings. */
  public Request as(boolean isOperator) {
    return new Request(method, segments, query, headers, body, from, port, isOperator);
  }
}
