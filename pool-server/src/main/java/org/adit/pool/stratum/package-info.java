/** Listening sockets and what all Stratum protocols share. */
@NullMarked
package org.adit.pool.stratum;

import org.jspecify.annotations.NullMarked;
