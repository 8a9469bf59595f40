/** The web server: connections, limits, static files, event streams. Knows nothing of the pool. */
@NullMarked
package org.adit.pool.web.http;

import org.jspecify.annotations.NullMarked;
