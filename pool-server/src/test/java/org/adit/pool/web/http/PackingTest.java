package org.adit.pool.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Which answers are compressed, and for whom. */
final class PackingTest {
  private static final byte[] LONG = "{\"a\":1}".repeat(500).getBytes(StandardCharsets.UTF_8);

  private static Request asking(String accepted) {
    return new Request(
        "GET",
        List.of(),
        Map.of(),
        accepted.isEmpty() ? Map.of() : Map.of("accept-encoding", accepted),
        new byte[0],
        InetAddress.getLoopbackAddress(),
        1,
        false);
  }

  private static Reply json(byte[] body) {
    return new Reply(200, "application/json", body, Map.of("ETag", "W/\"1\""));
  }

  private static byte[] unpacked(Reply reply) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
      return in.readAllBytes();
    }
  }

  @Test
  void whoTakesGzipGetsIt() throws IOException {
    for (Reply reply : List.of(json(LONG), json(LONG).kept())) {
      Reply packed = Packing.fit(reply, asking("deflate, gzip;q=0.8"));
      assertThat(packed.headers())
          .containsEntry("Content-Encoding", "gzip")
          .containsEntry("Vary", "Accept-Encoding")
          .containsEntry("ETag", "W/\"1\"");
      assertThat(packed.body()).hasSizeLessThan(LONG.length / 10);
      assertThat(unpacked(packed)).isEqualTo(LONG);
    }
  }

  @Test
  void othersGetItAsItIs() {
    Reply plain = Packing.fit(json(LONG).kept(), asking("br"));
    assertThat(plain.body()).isEqualTo(LONG);
    assertThat(plain.headers()).containsEntry("Vary", "Accept-Encoding");
    assertThat(plain.headers()).doesNotContainKey("Content-Encoding");
  }

  @Test
  void smallOnesPicturesAndErrorsStayAsTheyAre() {
    Reply small = json(new byte[1_023]);
    Reply picture = new Reply(200, "image/png", LONG, Map.of()).kept();
    Reply error = new Reply(503, "application/problem+json", LONG, Map.of());
    for (Reply reply : List.of(small, picture, error)) {
      assertThat(Packing.fit(reply, asking("gzip"))).isSameAs(reply);
    }
  }

  @Test
  void theHeaderIsReadAsTheStandardSays() {
    for (String yes :
        List.of("gzip", "GZIP", "br, gzip", "*", "x-gzip", "gzip;q=0.001", "*;q=0, gzip")) {
      assertThat(Packing.takesGzip(yes)).as(yes).isTrue();
    }
    for (String no :
        List.of(
            "", "br", "gzip;q=0", "gzip; q=0.000", "identity", "*;q=0", "gzip;q=0, *", "gzipped")) {
      assertThat(Packing.takesGzip(no)).as(no).isFalse();
    }
  }
}
