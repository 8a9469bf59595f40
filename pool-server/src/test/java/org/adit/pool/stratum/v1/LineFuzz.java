package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.adit.pool.mining.Submission;
import org.adit.pool.mining.Worker;
import org.jspecify.annotations.Nullable;

/**
 * Whatever bytes come as a line: the parser gives a request or its own exception, and the quick way
 * of shares reads nothing that the general one reads otherwise. Guided by coverage in the Maven
 * profile {@code fuzz} only, because the instrumentation would reach into other tests of the same
 * JVM.
 */
class LineFuzz {
  private static final int LONGEST = 8_192;
  private static final Worker WORKER = new Worker("account", "worker", 1);

  private final V1RequestParser parser = new V1RequestParser(8, 64, 1_024);
  private final SubmitLine reader = new SubmitLine();

  @FuzzTest(maxDuration = "15m", maxExecutions = 1_000_000)
  void aLineIsARequestOrRefusedInWords(byte @Nullable [] line) throws Exception {
    if (line == null || line.length > LONGEST) {
      return;
    }
    V1Request request;
    try {
      request = parser.parse(line);
    } catch (V1FormatException e) {
      assertThat(e.getMessage()).startsWith("malformed");
      return;
    }
    if (request.method() == null) {
      return;
    }
    DifficultyText.read(request.param(0));
    PasswordOptions.parse(request.text(1));
    V1Configure answer = V1Configure.answer(request, 0x1fffe000);
    if (answer != null) {
      // What goes out must come in again: nothing of the miner's breaks the line.
      String reply =
          new String(V1Encoder.result(request.id(), answer.resultJson()), StandardCharsets.UTF_8);
      assertThat(reply.indexOf('\n')).isEqualTo(reply.length() - 1);
      assertThat(parser.parse(reply.strip().getBytes(StandardCharsets.UTF_8)).id())
          .isEqualTo(request.id());
    }
    submission(request);
  }

  @FuzzTest(maxDuration = "15m", maxExecutions = 1_000_000)
  void theQuickWayReadsWhatTheGeneralOneReads(byte @Nullable [] line) throws Exception {
    if (line == null || line.length > LONGEST || !reader.read(line, line.length)) {
      return;
    }
    V1Request request = parser.parse(line);
    assertThat(request.method()).isEqualTo("mining.submit");
    assertThat(request.id()).isEqualTo(reader.id());
    assertThat(request.text(0)).isEqualTo(reader.user());
    assertThat(V1Submit.jobId(request)).isEqualTo(reader.jobId());
    Submission share = submission(request).orElseThrow();
    assertThat(share.extranonce2()).isEqualTo(reader.extranonce2());
    assertThat(share.ntime()).isEqualTo(reader.ntime());
    assertThat(share.nonce()).isEqualTo(reader.nonce());
    assertThat(share.hasVersionBits()).isEqualTo(reader.hasVersionBits());
    assertThat(share.versionBits()).isEqualTo(reader.versionBits());
  }

  private static Optional<Submission> submission(V1Request request) {
    try {
      V1Submit.jobId(request);
      return Optional.of(V1Submit.parse(request, WORKER, 8));
    } catch (V1Submit.BadSubmitException e) {
      return Optional.empty();
    }
  }
}
