package org.adit.pool;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.HashEngines;
import org.adit.hasher.HeaderScanner;
import org.adit.hasher.Sha256d;
import org.adit.hasher.Target;
import tools.jackson.databind.JsonNode;

/**
 * A job as {@code mining.notify} tells it, turned into headers by the text of the specification
 * (3.1 to 3.3) and not by the pool's code.
 *
 * @param id as sent
 * @param previousSwapped second parameter
 * @param coinb1 bytes in front of the extranonce
 * @param coinb2 bytes behind it
 * @param branch merkle branch, wire order
 * @param version block version
 * @param bits network target
 * @param time block time
 * @param clean whether earlier jobs are to be dropped
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record V1Job(
    String id,
    byte[] previousSwapped,
    byte[] coinb1,
    byte[] coinb2,
    byte[][] branch,
    int version,
    int bits,
    int time,
    boolean clean) {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * A header and the submit that stands for it.
   *
   * @param header as hashed
   * @param extranonce2 hex
   */
  record Share(BlockHeader header, String extranonce2) {
    Hash256 hash() {
      return header.hash();
    }

    /** The request with five parameters. */
    String submit(long id, String user, String job) {
      return submit(Long.toString(id), user, job, "");
    }

    /** The request with a sixth parameter. */
    String submitVersion(long id, String user, String job, String versionBits) {
      return submit(Long.toString(id), user, job, ",\"" + versionBits + "\"");
    }

    private String submit(String id, String user, String job, String more) {
      return "{\"id\":%s,\"method\":\"mining.submit\",\"params\":[\"%s\",\"%s\",\"%s\",\"%08x\",\"%08x\"%s]}"
          .formatted(id, user, job, extranonce2, header.time(), header.nonce(), more);
    }
  }

  /** Reads the parameters of a notify. */
  static V1Job of(JsonNode params) {
    JsonNode entries = params.required(4);
    byte[][] branch = new byte[entries.size()][];
    for (int i = 0; i < branch.length; i++) {
      branch[i] = HEX.parseHex(entries.required(i).asString());
    }
    return new V1Job(
        params.required(0).asString(),
        HEX.parseHex(params.required(1).asString()),
        HEX.parseHex(params.required(2).asString()),
        HEX.parseHex(params.required(3).asString()),
        branch,
        HexFormat.fromHexDigits(params.required(5).asString()),
        HexFormat.fromHexDigits(params.required(6).asString()),
        HexFormat.fromHexDigits(params.required(7).asString()),
        params.required(8).asBoolean());
  }

  /** The header of one attempt, nonce 0. */
  BlockHeader header(String extranonce1, String extranonce2, int versionBits, int ntime) {
    ByteArrayOutputStream coinbase = new ByteArrayOutputStream();
    coinbase.writeBytes(coinb1);
    coinbase.writeBytes(HEX.parseHex(extranonce1));
    coinbase.writeBytes(HEX.parseHex(extranonce2));
    coinbase.writeBytes(coinb2);
    byte[] root = Sha256d.hash(coinbase.toByteArray());
    for (byte[] entry : branch) {
      byte[] pair = Arrays.copyOf(root, 64);
      System.arraycopy(entry, 0, pair, 32, 32);
      root = Sha256d.hash(pair);
    }
    byte[] previous = new byte[32];
    for (int i = 0; i < 32; i++) {
      previous[i] = previousSwapped[i ^ 3];
    }
    return new BlockHeader(
        version | versionBits, Hash256.ofWire(previous), Hash256.ofWire(root), ntime, bits, 0);
  }

  /** Searches a share of this job, from a nonce on, whose hash meets the target. */
  Share find(String extranonce1, String extranonce2, Target target) {
    return find(header(extranonce1, extranonce2, 0, time), extranonce2, target, 0);
  }

  /** Searches from a nonce on; the nonce space holds one for every target tests use. */
  static Share find(BlockHeader start, String extranonce2, Target target, int fromNonce) {
    HeaderScanner scanner = HashEngines.named("message-digest").newScanner();
    scanner.prepare(start.toBytes(), 0, target);
    int[] hit = new int[1];
    boolean[] found = new boolean[1];
    int nonce = fromNonce;
    while (!found[0]) {
      nonce =
          scanner
              .scan(
                  nonce,
                  1 << 12,
                  (version, at) -> {
                    if (!found[0]) {
                      found[0] = true;
                      hit[0] = at;
                    }
                  },
                  () -> found[0])
              .nextNonce();
    }
    return new Share(withNonce(start, hit[0]), extranonce2);
  }

  /** The same header with another nonce. */
  static BlockHeader withNonce(BlockHeader header, int nonce) {
    return new BlockHeader(
        header.version(),
        header.previous(),
        header.merkleRoot(),
        header.time(),
        header.bits(),
        nonce);
  }
}
