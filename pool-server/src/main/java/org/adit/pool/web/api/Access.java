package org.adit.pool.web.api;

/** What a reader must bring for an endpoint; the OpenAPI document's {@code x-scope}. */
enum Access {
  /** Figures of the pool that name nobody. */
  POOL,
  /** What belongs to one account, for whoever knows its name. */
  ADDRESS,
  /** Lists of all. */
  FLEET,
  /** What an operator does. */
  OPERATOR
}
