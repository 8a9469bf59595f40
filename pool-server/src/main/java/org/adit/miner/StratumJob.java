package org.adit.miner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.hasher.Sha256d;

/** A job as {@code mining.notify} describes it (Stratum V1 specification 3.1 to 3.3). Immutable. */
final class StratumJob {
  private static final HexFormat HEX = HexFormat.of();

  private static final int MAX_ID = 128;

  private final String id;
  private final Hash256 previous;
  private final byte[] coinb1;
  private final byte[] coinb2;
  private final MerkleBranch branch;
  private final int version;
  private final int bits;
  private final int time;
  private final boolean clean;

  private StratumJob(String id, JsonValue.Arr params, boolean clean) throws ProtocolException {
    this.id = id;
    this.previous = Hash256.ofWire(swapWords(hex(params.at(1), 32, "prevhash")));
    this.coinb1 = hex(params.at(2), -1, "coinb1");
    this.coinb2 = hex(params.at(3), -1, "coinb2");
    this.branch = branch(params.at(4));
    this.version = number(params.at(5), "version");
    this.bits = number(params.at(6), "nbits");
    this.time = number(params.at(7), "ntime");
    this.clean = clean;
  }

  /**
   * Reads the parameters of {@code mining.notify}.
   *
   * @throws ProtocolException when they are not what the method takes
   */
  static StratumJob parse(JsonValue.Arr params) throws ProtocolException {
    if (params.items().size() < 9) {
      throw new ProtocolException("mining.notify with less than nine parameters");
    }
    String id =
        switch (params.at(0)) {
          case JsonValue.Text t -> t.value();
          case JsonValue.Num n -> n.text();
          default -> throw new ProtocolException("mining.notify without a job id");
        };
    if (id.length() > MAX_ID) {
      throw new ProtocolException("mining.notify with a job id of " + id.length() + " characters");
    }
    if (!(params.at(8) instanceof JsonValue.Bool clean)) {
      throw new ProtocolException("mining.notify whose clean_jobs is no boolean");
    }
    return new StratumJob(id, params, clean.value());
  }

  /** The pool's name for it. */
  String id() {
    return id;
  }

  /** Block version. */
  int version() {
    return version;
  }

  /** The network's target in compact form. */
  int bits() {
    return bits;
  }

  /** Whether earlier jobs are worthless now. */
  boolean clean() {
    return clean;
  }

  /**
   * The header for one extranonce, nonce 0.
   *
   * @param timeOffset seconds the time is rolled forward
   */
  BlockHeader header(byte[] extranonce1, byte[] extranonce2, int timeOffset) {
    byte[] coinbase =
        Arrays.copyOf(
            coinb1, coinb1.length + extranonce1.length + extranonce2.length + coinb2.length);
    int at = coinb1.length;
    System.arraycopy(extranonce1, 0, coinbase, at, extranonce1.length);
    at += extranonce1.length;
    System.arraycopy(extranonce2, 0, coinbase, at, extranonce2.length);
    at += extranonce2.length;
    System.arraycopy(coinb2, 0, coinbase, at, coinb2.length);
    Hash256 root = branch.root(Sha256d.hash256(coinbase));
    return new BlockHeader(version, previous, root, time + timeOffset, bits, 0);
  }

  private static MerkleBranch branch(JsonValue value) throws ProtocolException {
    if (!(value instanceof JsonValue.Arr array) || array.items().size() > MerkleBranch.MAX_LEVELS) {
      throw new ProtocolException("mining.notify with a bad merkle branch");
    }
    List<Hash256> entries = new ArrayList<>();
    for (JsonValue item : array.items()) {
      entries.add(Hash256.ofWire(hex(item, 32, "merkle branch")));
    }
    return MerkleBranch.of(entries);
  }

  private static int number(JsonValue value, String name) throws ProtocolException {
    byte[] b = hex(value, 4, name);
    return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff);
  }

  /** Hex of a fixed number of bytes, or of any number when it is negative. */
  static byte[] hex(JsonValue value, int bytes, String name) throws ProtocolException {
    if (value instanceof JsonValue.Text(String text)
        && (bytes < 0 ? text.length() % 2 == 0 : text.length() == 2 * bytes)) {
      try {
        return HEX.parseHex(text);
      } catch (IllegalArgumentException e) {
        throw new ProtocolException("a " + name + " that is no hex");
      }
    }
    throw new ProtocolException("a " + name + " that is no hex of the right length");
  }

  /** The only place where the protocol swaps bytes: the words of prevhash. */
  private static byte[] swapWords(byte[] b) {
    byte[] swapped = new byte[b.length];
    for (int i = 0; i < b.length; i++) {
      swapped[i] = b[i ^ 3];
    }
    return swapped;
  }
}
