package org.adit.pool.stratum;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Addresses and networks an operator wrote down: {@code 10.0.0.5, 192.168.0.0/16, fd00::/8}. */
public final class AddressSet {
  /** No address at all. */
  public static final AddressSet NONE = new AddressSet(List.of());

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Network(byte[] address, int bits) {
    boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        if (((address[bit / 8] ^ other[bit / 8]) & (0x80 >>> (bit % 8))) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Network> networks;

  private AddressSet(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Reads a list between commas; an empty text is no address.
   *
   * @throws IllegalArgumentException when an entry is neither an address nor a network; names are
   *     not looked up
   */
  public static AddressSet parse(String text) {
    List<Network> networks = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      if (!entry.isBlank()) {
        networks.add(network(entry.strip()));
      }
    }
    return new AddressSet(networks);
  }

  private static Network network(String entry) {
    int slash = entry.indexOf('/');
    String literal = slash < 0 ? entry : entry.substring(0, slash);
    try {
      // ofLiteral knows numbers only and asks no name server.
      byte[] address = InetAddress.ofLiteral(literal).getAddress();
      int bits = slash < 0 ? address.length * 8 : Integer.parseInt(entry.substring(slash + 1));
      if (bits >= 0 && bits <= address.length * 8) {
        return new Network(address, bits);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "an entry is no address (expected: such as 10.0.0.5 or fd00::/8)", e);
    }
    throw new IllegalArgumentException(
        "a network has too many bits (expected: at most 32 for IPv4, 128 for IPv6)");
  }

  /** Whether an address is one of these or within one of these networks. */
  public boolean holds(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Network network : networks) {
      if (network.holds(bytes)) {
        return true;
      }
    }
    return false;
  }
}
