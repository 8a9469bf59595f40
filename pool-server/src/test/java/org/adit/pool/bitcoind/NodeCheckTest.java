package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.adit.pool.bitcoind.NodeState.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeCheckTest {

  /** Texts as Bitcoin Core and Knots write them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-28 | Verifying blocks… | WARMING_UP",
        "-9 | Bitcoin Knots is not connected! | NO_PEERS",
        "-10 | Bitcoin Knots is in initial sync and waiting for blocks... | INITIAL_DOWNLOAD",
        "-8 | Support for 'blake2b' rule requires explicit client support | UNSUPPORTED_FORK",
        "-8 | getblocktemplate must be called with the signet rule set (call with {\"rules\": [\"segwit\"]}) | WRONG_CHAIN",
        "-8 | something new | REFUSED_TEMPLATE",
        "-1 | CreateNewBlock: TestBlockValidity failed | REFUSED_TEMPLATE",
      })
  void errorsOfTheNodeBecomeStates(int code, String text, Kind kind) {
    NotReadyException explained =
        NodeCheck.explain(new RpcException("getblocktemplate", code, text));
    assertThat(explained.kind()).isEqualTo(kind);
    assertThat(explained.text()).isNotBlank().matches("\\p{Print}*");
  }

  @Test
  void pausesGrowToFiveSecondsAndStartAnew() {
    Backoff backoff = new Backoff();
    assertThat(Stream.generate(backoff::pause).limit(7).map(Duration::toMillis))
        .containsExactly(250L, 500L, 1000L, 2000L, 4000L, 5000L, 5000L);
    backoff.reset();
    assertThat(backoff.pause()).isEqualTo(Duration.ofMillis(250));
  }
}
