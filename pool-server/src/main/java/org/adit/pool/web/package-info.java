/** What people and programs see of the pool: dashboard, API, metrics. Reads only. */
@NullMarked
package org.adit.pool.web;

import org.jspecify.annotations.NullMarked;
