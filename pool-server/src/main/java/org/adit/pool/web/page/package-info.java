/**
 * First figures of each page, written by the server: for readers without scripts, and until they
 * run.
 */
@NullMarked
package org.adit.pool.web.page;

import org.jspecify.annotations.NullMarked;
