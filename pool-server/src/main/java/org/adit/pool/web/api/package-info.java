/** The endpoints of {@code /api/v1}, as {@code openapi.json} describes them. */
@NullMarked
package org.adit.pool.web.api;

import org.jspecify.annotations.NullMarked;
