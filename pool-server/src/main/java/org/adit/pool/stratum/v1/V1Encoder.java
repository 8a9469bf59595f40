package org.adit.pool.stratum.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;

/**
 * Writes the server's lines. Every reply has id, result and error in this order, every fixed-size
 * field is zero-padded lower-case hex: older firmware depends on both (Stratum V1 specification 1.7
 * and 3.1).
 */
final class V1Encoder {
  private static final HexFormat HEX = HexFormat.of();

  private static final byte[] ACCEPTED_HEAD = "{\"id\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ACCEPTED_TAIL =
      ",\"result\":true,\"error\":null}\n".getBytes(StandardCharsets.US_ASCII);

  private V1Encoder() {}

  static byte[] result(@Nullable Object id, String resultJson) {
    return line("{\"id\":" + id(id) + ",\"result\":" + resultJson + ",\"error\":null}");
  }

  /** Writes the line that accepts a request, without building anything. */
  static void writeAccepted(ByteBuf out, long id) {
    out.writeBytes(ACCEPTED_HEAD);
    ByteBufUtil.writeAscii(out, Long.toString(id));
    out.writeBytes(ACCEPTED_TAIL);
  }

  static byte[] error(@Nullable Object id, V1Error error, String resultJson) {
    return line(
        "{\"id\":"
            + id(id)
            + ",\"result\":"
            + resultJson
            + ",\"error\":["
            + error.code()
            + ","
            + quote(error.text())
            + ",null]}");
  }

  static byte[] setDifficulty(Difficulty difficulty) {
    return line(
        "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":["
            + difficulty.toWire()
            + "]}");
  }

  /** A line for the people at the miner (Stratum V1 specification 2.10). */
  static byte[] showMessage(String text) {
    return line(
        "{\"id\":null,\"method\":\"client.show_message\",\"params\":[" + quote(text) + "]}");
  }

  /** Asks what the miner is; the id is an integer because some take nothing else. */
  static byte[] getVersion(int id) {
    return line("{\"id\":" + id + ",\"method\":\"client.get_version\",\"params\":[]}");
  }

  /**
   * Asks to connect anew to the pool the miner knows: naming another would be refused by careful
   * clients, and obeyed by careless ones from anybody.
   */
  static byte[] reconnect() {
    return line("{\"id\":null,\"method\":\"client.reconnect\",\"params\":[]}");
  }

  static byte[] notify(MiningJob job, boolean clean) {
    StringBuilder out = new StringBuilder(1_024);
    out.append("{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"")
        .append(jobId(job.id()))
        .append("\",\"")
        .append(swappedPrevious(job.template().previousBlock()))
        .append("\",\"")
        .append(HEX.formatHex(job.coinbase().prefix()))
        .append("\",\"")
        .append(HEX.formatHex(job.coinbase().suffix()))
        .append("\",[");
    List<Hash256> branch = job.branch().entries();
    for (int i = 0; i < branch.size(); i++) {
      out.append(i == 0 ? "\"" : ",\"").append(branch.get(i).toWireHex()).append('"');
    }
    out.append("],\"")
        .append(hex8(job.version()))
        .append("\",\"")
        .append(hex8(job.template().bits()))
        .append("\",\"")
        .append(hex8((int) job.time()))
        .append("\",")
        .append(clean)
        .append("]}");
    return line(out.toString());
  }

  /** The hash as miners expect it: wire order with the bytes of each 4-byte word reversed. */
  static String swappedPrevious(Hash256 hash) {
    byte[] wire = hash.toWire();
    byte[] swapped = new byte[32];
    for (int i = 0; i < 32; i++) {
      swapped[i] = wire[i ^ 3];
    }
    return HEX.formatHex(swapped);
  }

  static String jobId(long id) {
    return Long.toHexString(id);
  }

  static String hex8(int value) {
    return HEX.toHexDigits(value);
  }

  /** A JSON string; anything but printable ASCII is escaped. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        out.append("\\u").append(HEX.toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static String id(@Nullable Object id) {
    return id instanceof String text ? quote(text) : String.valueOf(id);
  }

  private static byte[] line(String json) {
    return (json + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
