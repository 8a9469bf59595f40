package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;

import org.adit.pool.bitcoind.SubmitVerdict.Accepted;
import org.adit.pool.bitcoind.SubmitVerdict.AcceptedElsewhere;
import org.adit.pool.bitcoind.SubmitVerdict.Inconclusive;
import org.adit.pool.bitcoind.SubmitVerdict.Rejected;
import org.adit.pool.bitcoind.SubmitVerdict.Retry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** The table of the Stratum V1 specification 6.6, the rows a node cannot be brought to included. */
final class SubmitVerdictTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @Test
  void foundAndUndecided() {
    assertThat(SubmitVerdict.ofResult(JSON.nullNode())).isEqualTo(new Accepted());
    assertThat(of("duplicate")).isEqualTo(new AcceptedElsewhere());
    assertThat(of("inconclusive")).isEqualTo(new Inconclusive());
    assertThat(of("duplicate-inconclusive")).isEqualTo(new Retry("duplicate-inconclusive"));
    assertThat(of("prev-blk-not-found")).isEqualTo(new Retry("prev-blk-not-found"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "high-hash",
        "bad-cb-height",
        "bad-cb-length",
        "bad-cb-amount",
        "bad-txnmrklroot",
        "bad-witness-merkle-match",
        "bad-witness-nonce-size",
        "bad-txns-nonfinal",
        "bad-diffbits",
        "time-too-old",
        "time-too-new",
        "bad-version(0x00000001)",
        "unexpected-witness"
      })
  void constructionErrors(String word) {
    assertThat(of(word)).isEqualTo(new Rejected(word, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"duplicate-invalid", "stale-prevblk", "bad-prevblk", "something new"})
  void lostWithoutOurFault(String word) {
    assertThat(of(word)).isEqualTo(new Rejected(word, false));
  }

  @Test
  void errorsOfTheCall() {
    assertThat(SubmitVerdict.ofError(new RpcException("submitblock", -22, "Block decode failed")))
        .isEqualTo(new Rejected("error -22: Block decode failed", true));
    assertThat(SubmitVerdict.ofError(new RpcException("submitblock", -28, "Loading block index…")))
        .isInstanceOf(Retry.class);
  }

  @Test
  void wordsOfTheNodeAreMadeFitForLogs() {
    assertThat(of("bad\n\u001b[31m")).isEqualTo(new Rejected("bad ?[31m", false));
  }

  private static SubmitVerdict of(String word) {
    return SubmitVerdict.ofResult(JSON.stringNode(word));
  }
}
