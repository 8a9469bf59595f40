/** Alerts: what is worth one, kept once each, and the ways out of the house. Reads only. */
@NullMarked
package org.adit.pool.alerts;

import org.jspecify.annotations.NullMarked;
