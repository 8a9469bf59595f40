package org.adit.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.hasher.Sha256d;
import org.adit.hasher.Target;
import tools.jackson.databind.JsonNode;

/**
 * A job as one connection was sent it (Stratum V1 specification 3.1 to 3.3).
 *
 * @param id as sent
 * @param previousText second parameter, as sent
 * @param target what a share must meet, at the difficulty announced before the job
 * @param receivedNanos when it came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LoadJob(
    String id,
    String previousText,
    byte[] coinb1,
    byte[] extranonce1,
    byte[] coinb2,
    MerkleBranch branch,
    int version,
    int bits,
    int time,
    Target target,
    long receivedNanos) {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Reads the parameters of a notify.
   *
   * @throws IllegalArgumentException when they are not what the method takes
   */
  static LoadJob of(JsonNode params, byte[] extranonce1, Target target, long nowNanos) {
    List<Hash256> branch = new ArrayList<>();
    for (JsonNode entry : params.path(4)) {
      branch.add(Hash256.ofWire(HEX.parseHex(entry.asString(""))));
    }
    return new LoadJob(
        params.path(0).asString(""),
        params.path(1).asString(""),
        HEX.parseHex(params.path(2).asString("")),
        extranonce1,
        HEX.parseHex(params.path(3).asString("")),
        MerkleBranch.of(branch),
        HexFormat.fromHexDigits(params.path(5).asString("")),
        HexFormat.fromHexDigits(params.path(6).asString("")),
        HexFormat.fromHexDigits(params.path(7).asString("")),
        target,
        nowNanos);
  }

  /** The serialised header of one extranonce, nonce 0. */
  byte[] header(byte[] extranonce2) {
    byte[] coinbase =
        Arrays.copyOf(
            coinb1, coinb1.length + extranonce1.length + extranonce2.length + coinb2.length);
    int at = coinb1.length;
    System.arraycopy(extranonce1, 0, coinbase, at, extranonce1.length);
    at += extranonce1.length;
    System.arraycopy(extranonce2, 0, coinbase, at, extranonce2.length);
    System.arraycopy(coinb2, 0, coinbase, at + extranonce2.length, coinb2.length);
    Hash256 root = branch.root(Sha256d.hash256(coinbase));
    byte[] previous = HEX.parseHex(previousText);
    byte[] wire = new byte[previous.length];
    for (int i = 0; i < wire.length; i++) {
      wire[i] = previous[i ^ 3];
    }
    return new BlockHeader(version, Hash256.ofWire(wire), root, time, bits, 0).toBytes();
  }
}
