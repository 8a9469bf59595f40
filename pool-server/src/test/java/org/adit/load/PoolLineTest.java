package org.adit.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PoolLineTest {
  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isNotify(String text) {
    return PoolLine.isNotify(line(text), text.length());
  }

  @Test
  void keysMayStandInAnyOrder() {
    String ours = "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"1\",\"abcd\",\"\"]}";
    String theirs =
        "{\"params\": [\"1\", \"abcd\", \"\"], \"id\": null, \"method\": \"mining.notify\"}";
    for (String text : new String[] {ours, theirs}) {
      assertThat(isNotify(text)).as(text).isTrue();
      assertThat(PoolLine.isCall(line(text), text.length())).isTrue();
      assertThat(PoolLine.secondParameter(line(text), text.length())).isEqualTo("abcd");
    }
  }

  @Test
  void repliesAreToldFromCalls() {
    String yes = "{\"id\":17,\"result\":true,\"error\":null}";
    String no = "{\"result\": false, \"error\": [22, \"duplicate\", null], \"id\": 18}";
    String withMethod = "{\"id\":19,\"method\":null,\"result\":true}";

    assertThat(PoolLine.isCall(line(yes), yes.length())).isFalse();
    assertThat(PoolLine.isCall(line(withMethod), withMethod.length())).isFalse();
    assertThat(PoolLine.id(line(yes), yes.length())).isEqualTo(17);
    assertThat(PoolLine.isTrue(line(yes), yes.length())).isTrue();
    assertThat(PoolLine.id(line(no), no.length())).isEqualTo(18);
    assertThat(PoolLine.isTrue(line(no), no.length())).isFalse();
  }

  @Test
  void onlyTheGivenLengthIsRead() {
    byte[] text = line("{\"id\":1}{\"method\":\"mining.notify\"}");

    assertThat(PoolLine.isNotify(text, 8)).isFalse();
    assertThat(PoolLine.isTrue(line("{\"result\":tru"), 13)).isFalse();
    assertThat(PoolLine.secondParameter(line("{\"params\":[\"1\"]}"), 16)).isNull();
  }

  @Test
  void aQuotedKeyInsideATextIsNone() {
    String tricky =
        "{\"id\":5,\"result\":false,\"error\":[20,\"\\\"method\\\":\\\"mining.notify\\\"\",null]}";

    assertThat(isNotify(tricky)).isFalse();
    assertThat(PoolLine.id(line(tricky), tricky.length())).isEqualTo(5);
  }
}
