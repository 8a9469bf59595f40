package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.adit.pool.mining.Submission;
import org.adit.pool.mining.Worker;
import org.junit.jupiter.api.Test;

class SubmitLineTest {
  private static final Worker WORKER = new Worker("account", "worker", 1);
  private static final String USUAL =
      "{\"id\":7,\"method\":\"mining.submit\",\"params\":[\"a.b\",\"19f\",\"00000000000000Ff\","
          + "\"6553ab01\",\"deadBEEF\"]}";
  private static final String[] USUAL_FORMS = {
    USUAL,
    USUAL.replace("\"]}", "\",\"1fffe000\"]}"),
    "{\"params\": [\"a.b\", \"19f\", \"00000000000000ff\", \"6553ab01\", \"1\"], \"id\": 7,"
        + " \"method\": \"mining.submit\"}",
    "{\"method\": \"mining.submit\", \"params\": [\"a.b\",\"19f\",\"00000000000000ff\",\"0\",\"f\"],"
        + " \"id\":0}",
  };

  private final SubmitLine reader = new SubmitLine();
  private final V1RequestParser parser = new V1RequestParser(8, 64, 1_024);

  private boolean read(byte[] line) {
    return reader.read(line, line.length);
  }

  private static byte[] bytes(String line) {
    return line.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void theUsualFormsAreRead() {
    for (String line : USUAL_FORMS) {
      assertThat(read(bytes(line))).as(line).isTrue();
      assertThat(reader.user()).isEqualTo("a.b");
      assertThat(reader.isUser(bytes("a.b"))).isTrue();
      assertThat(reader.isUser(bytes("a.c"))).isFalse();
      assertThat(reader.jobId()).isEqualTo(0x19f);
    }
  }

  @Test
  void theUnusualIsLeftToTheGeneralParser() {
    for (String line :
        new String[] {
          USUAL.replace("7", "\"7\""),
          USUAL.replace(":7", ":07"),
          USUAL.replace(":7", ":-7"),
          USUAL.replace(":7", ":1234567890123456789"),
          USUAL.replace("a.b", "a\\u002eb"),
          USUAL.replace("a.b", "a\u00e9"),
          USUAL.replace("00Ff", "Ff"),
          USUAL.replace("19f", ""),
          USUAL.replace("19f", "1234567890abcdef"),
          USUAL.replace("\"deadBEEF\"", "5"),
          USUAL.replace("\"id\":7,", ""),
          USUAL.replace("{\"id\":7", "{\"id\":7,\"id\":8"),
          USUAL.replace("{", "{\"jsonrpc\":\"2.0\","),
          USUAL.replace("submit", "subscribe"),
          USUAL + "x",
          USUAL.substring(0, USUAL.length() - 1),
        }) {
      assertThat(read(bytes(line))).as(line).isFalse();
    }
  }

  @Test
  void whatIsReadIsWhatTheGeneralParserReads() throws Exception {
    Random random = new Random(20_260_722);
    int same = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] line = bytes(USUAL_FORMS[random.nextInt(USUAL_FORMS.length)]);
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        line[random.nextInt(line.length)] = (byte) (0x20 + random.nextInt(0x5f));
      }
      if (!read(line)) {
        continue;
      }
      V1Request request = parser.parse(line);
      Submission share = V1Submit.parse(request, WORKER, 8);
      assertThat(request.method()).isEqualTo("mining.submit");
      assertThat(request.id()).isEqualTo(reader.id());
      assertThat(request.text(0)).isEqualTo(reader.user());
      assertThat(V1Submit.jobId(request)).isEqualTo(reader.jobId());
      assertThat(share.extranonce2()).isEqualTo(reader.extranonce2());
      assertThat(share.ntime()).isEqualTo(reader.ntime());
      assertThat(share.nonce()).isEqualTo(reader.nonce());
      assertThat(share.hasVersionBits()).isEqualTo(reader.hasVersionBits());
      assertThat(share.versionBits()).isEqualTo(reader.versionBits());
      same++;
    }
    assertThat(same).isGreaterThan(60_000);
  }
}
