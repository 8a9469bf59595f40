package org.adit.pool.mining;

import java.util.Map;

/**
 * An open connection of a miner that authorised, for people to look at.
 *
 * @param sessionId hex digits, unique among open connections
 * @param protocol {@code sv1} or {@code sv2}
 * @param userAgent as sent, printable ASCII; may be empty
 * @param info what it says of itself beyond that (BIP 310's {@code info}), by name; printable ASCII
 * @param worker that authorised first
 * @param connectedAtMillis milliseconds since 1970
 * @param meter what it did
 */
public record LiveSession(
    String sessionId,
    String protocol,
    String userAgent,
    Map<String, String> info,
    Worker worker,
    long connectedAtMillis,
    ChannelMeter meter) {

  // One connection is itself and no other, whatever its fields say.
  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof LiveSession session && session.meter == meter;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(meter);
  }
}
