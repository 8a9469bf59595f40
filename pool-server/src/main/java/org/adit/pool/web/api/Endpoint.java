package org.adit.pool.web.api;

import tools.jackson.databind.JsonNode;

/** Answers one path with JSON; may wait for the disk. */
@FunctionalInterface
interface Endpoint {
  /**
   * The answer.
   *
   * @throws Exception an {@link org.adit.pool.web.http.HttpException} for the asker's mistakes
   */
  JsonNode answer(Call call) throws Exception;
}
