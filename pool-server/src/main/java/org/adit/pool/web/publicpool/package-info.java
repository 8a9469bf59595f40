/**
 * The read-only API of Public Pool, so that its web page and the devices and widgets made for it
 * show this pool.
 */
@NullMarked
package org.adit.pool.web.publicpool;

import org.jspecify.annotations.NullMarked;
