package org.adit.pool.web.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Requests per address: a steady rate and ten seconds of it at once. IPv6 addresses count by their
 * network of 64 bits. Remembers a bounded number of addresses. Thread-safe.
 */
final class RateLimiter {
  private static final int ADDRESSES = 10_000;
  private static final int BURST_SECONDS = 10;
  private static final int NETWORK_BYTES = 8;
  private static final double NANOS = 1e9;

  private static final class Bucket {
    double tokens;
    long atNanos;
  }

  private final double perSecond;
  private final LongSupplier nanoTime;
  private final Map<InetAddress, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };

  RateLimiter(double perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  synchronized boolean take(InetAddress address) {
    long now = nanoTime.getAsLong();
    Bucket bucket =
        buckets.computeIfAbsent(
            network(address),
            key -> {
              Bucket full = new Bucket();
              full.tokens = perSecond * BURST_SECONDS;
              full.atNanos = now;
              return full;
            });
    bucket.tokens =
        Math.min(
            perSecond * BURST_SECONDS, bucket.tokens + (now - bucket.atNanos) / NANOS * perSecond);
    bucket.atNanos = now;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }

  private static InetAddress network(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
