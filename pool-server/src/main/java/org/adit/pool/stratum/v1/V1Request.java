package org.adit.pool.stratum.v1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line from a client.
 *
 * @param id a {@code Long} or a {@code String}; null when there was none, or a null one: then there
 *     is no reply
 * @param method null when the line is an answer to something the server asked
 * @param answer the answer's result, when it is a string
 * @param params values as {@code String}, {@code Long}, {@code BigDecimal}, {@code Boolean}, null,
 *     {@code List} or {@code Map}
 */
record V1Request(
    @Nullable Object id,
    @Nullable String method,
    @Nullable String answer,
    List<@Nullable Object> params) {

  /** The parameter at a place; null when it is null or missing. */
  @Nullable Object param(int index) {
    return index < params.size() ? params.get(index) : null;
  }

  /** The parameter at a place when it is a string. */
  @Nullable String text(int index) {
    return param(index) instanceof String text ? text : null;
  }
}
