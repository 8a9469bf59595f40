package org.adit.pool.web.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses answers for readers that take gzip (RFC 9110, section 12.5.3). Runs on the workers'
 * threads, never on an event loop: half a megabyte of JSON takes milliseconds. Files are compressed
 * once and as well as it goes.
 */
final class Packing {
  /** Below that a compressed answer saves nothing worth the work. */
  private static final int LEAST_BYTES = 1_024;

  private static final int QUICK = 4;

  private Packing() {}

  /** The answer as this reader takes it. */
  static Reply fit(Reply reply, Request request) {
    if (reply.status() != 200 || reply.body().length < LEAST_BYTES || !isText(reply)) {
      return reply;
    }
    String accepted = request.header("accept-encoding").orElse("");
    if (!takesGzip(accepted)) {
      return with(reply, reply.body(), Map.of("Vary", "Accept-Encoding"));
    }
    byte[] known = reply.packed();
    byte[] packed = known == null ? gzip(reply.body(), QUICK) : known;
    return with(reply, packed, Map.of("Vary", "Accept-Encoding", "Content-Encoding", "gzip"));
  }

  private static Reply with(Reply reply, byte[] body, Map<String, String> more) {
    Map<String, String> headers = new LinkedHashMap<>(reply.headers());
    headers.putAll(more);
    return new Reply(reply.status(), reply.contentType(), body, headers);
  }

  private static boolean isText(Reply reply) {
    String type = reply.contentType();
    return type.startsWith("text/")
        || type.startsWith("application/")
        || type.startsWith("image/svg");
  }

  /** A file's compressed form, for keeping; the body itself when it is too small or no text. */
  static Reply packed(Reply reply) {
    return reply.body().length < LEAST_BYTES || !isText(reply)
        ? reply
        : new Reply(
            reply.status(),
            reply.contentType(),
            reply.body(),
            reply.headers(),
            gzip(reply.body(), Deflater.BEST_COMPRESSION));
  }

  /** Whether a header {@code Accept-Encoding} names gzip, or everything, and does not refuse it. */
  static boolean takesGzip(String accepted) {
    boolean takes = false;
    for (String part : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] words = part.strip().split("\\s*;\\s*", -1);
      boolean named = words[0].equals("gzip") || words[0].equals("x-gzip");
      if (named || words[0].equals("*")) {
        boolean refused = words.length > 1 && words[1].matches("q\\s*=\\s*0(\\.0*)?");
        if (named) {
          return !refused;
        }
        takes = !refused;
      }
    }
    return takes;
  }

  static byte[] gzip(byte[] body, int level) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
    try (OutputStream out = new Levelled(bytes, level)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static final class Levelled extends GZIPOutputStream {
    Levelled(OutputStream to, int level) throws IOException {
      super(to, 8_192);
      def.setLevel(level);
    }
  }
}
