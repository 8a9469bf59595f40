package org.adit.pool.stratum.v1;

import java.util.HexFormat;
import java.util.Optional;
import org.adit.pool.mining.Rejection;
import org.adit.pool.mining.Submission;
import org.adit.pool.mining.Worker;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parameters of {@code mining.submit} into numbers. Lenient where miners in the field are
 * (any case, missing leading zeros), strict where leniency would hide a broken proxy (Stratum V1
 * specification 3.4).
 */
final class V1Submit {
  private static final HexFormat HEX = HexFormat.of();
  private static final int MAX_JOB_ID = 16;

  private V1Submit() {}

  /** A parameter that is not what it must be. The message is fit for the miner. */
  static final class BadSubmitException extends Exception {
    private static final long serialVersionUID = 1L;

    BadSubmitException(String message) {
      super(message, null, false, false);
    }
  }

  /** The job id as a number; -1 when it is none this server ever gave out. */
  static long jobId(V1Request request) throws BadSubmitException {
    if (!(request.param(1) instanceof String text)) {
      throw new BadSubmitException("malformed submit: job id is not a string");
    }
    if (text.isEmpty() || text.length() > MAX_JOB_ID) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return -1;
      }
    }
    return Long.parseUnsignedLong(text, 16);
  }

  /** What came, for the record of a share that is refused unread. */
  static Rejection.Received received(V1Request request) {
    Object bits = request.param(5);
    return new Rejection.Received(
        Rejection.Received.printable(request.param(1)),
        Rejection.Received.printable(request.param(2)),
        Rejection.Received.printable(request.param(3)),
        Rejection.Received.printable(request.param(4)),
        bits == null ? Optional.empty() : Optional.of(Rejection.Received.printable(bits)));
  }

  /**
   * Reads parameters 2 to 5.
   *
   * @param extranonce2Bytes size told to the miner when it subscribed
   */
  static Submission parse(V1Request request, Worker worker, int extranonce2Bytes)
      throws BadSubmitException {
    byte[] extranonce2 = extranonce2(request.param(2), 2 * extranonce2Bytes);
    int ntime = number(request.param(3), "ntime");
    int nonce = number(request.param(4), "nonce");
    Object bits = request.param(5);
    int versionBits = bits == null ? 0 : number(bits, "version bits");
    return new Submission(worker, extranonce2, ntime, nonce, bits != null, versionBits);
  }

  private static byte[] extranonce2(@Nullable Object value, int digits) throws BadSubmitException {
    if (!(value instanceof String text)) {
      throw new BadSubmitException("malformed submit: extranonce2 is not a string");
    }
    if (text.length() != digits) {
      throw new BadSubmitException("bad extranonce2 size (expected: " + digits + " hex digits)");
    }
    try {
      return HEX.parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new BadSubmitException("malformed submit: extranonce2 is not hex");
    }
  }

  // NerdMiner prints numbers without leading zeros, and some proxies send JSON integers.
  private static int number(@Nullable Object value, String name) throws BadSubmitException {
    if (value instanceof Long number && number >= 0 && number <= 0xffff_ffffL) {
      return number.intValue();
    }
    if (!(value instanceof String text) || text.isEmpty() || text.length() > 8) {
      throw new BadSubmitException("malformed submit: " + name + " is not 1 to 8 hex digits");
    }
    try {
      return HexFormat.fromHexDigits(text);
    } catch (NumberFormatException e) {
      throw new BadSubmitException("malformed submit: " + name + " is not 1 to 8 hex digits");
    }
  }
}
