/** Tests of the mining client, most of them against a real socket. */
@NullMarked
package org.adit.miner;

import org.jspecify.annotations.NullMarked;
