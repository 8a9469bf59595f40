package org.adit.pool.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.adit.config.Network;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.web.http.HttpException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Difficulty by the headers of a real node whose clock is set by the test. */
final class HeadersIT {
  private static final int PERIOD = Headers.PERIOD;

  @TempDir private static Path folder;

  /** Sixteen blocks for each setting of the clock: the pace between them is what counts. */
  private static void mine(LocalNode node, int blocks, long fromSeconds, int pace)
      throws Exception {
    RpcClient rpc = node.rpc();
    int done = 0;
    while (done < blocks) {
      int some = Math.min(16, blocks - done);
      done += some;
      rpc.call("setmocktime", fromSeconds + (long) done * pace);
      rpc.call("generatetodescriptor", some, "raw(51)");
    }
  }

  @Test
  void thePastAndThePaceAreReadFromHeaders() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      long begin =
          node.rpc()
                  .call("getblockheader", node.rpc().call("getbestblockhash").asString())
                  .required("time")
                  .asLong()
              + 600;
      mine(node, PERIOD - 1, begin, 600);
      Headers headers = new Headers(node.rpc(), Network.REGTEST);
      long second = begin + (PERIOD - 1L) * 600;
      // Half a period at 500 s a block: a fifth more.
      mine(node, 1, second, 500);
      mine(node, PERIOD / 2, second + 500, 500);
      int height = node.rpc().call("getblockcount").asInt();
      assertThat(height).isEqualTo(PERIOD + PERIOD / 2);
      Headers.Outlook outlook = headers.outlook(height);
      assertThat(outlook.first().height()).isEqualTo(PERIOD);
      assertThat(outlook.steps())
          .extracting(Headers.Step::height)
          .isSorted()
          .contains(0, PERIOD)
          .allMatch(at -> at % PERIOD == 0 || at % 150 == 0)
          .hasSize(2 + height / 150);
      assertThat(outlook.steps().get(2).subsidySat()).isEqualTo(1_250_000_000L);
      assertThat(outlook.steps()).allMatch(step -> step.bits() == 0x207fffff);
      List<Headers.Point> points = outlook.points();
      assertThat(points.size()).isBetween(PERIOD / 2 / 48, PERIOD / 2 / 48 + 1);
      assertThat(points.getLast().height()).isEqualTo(height);
      assertThat(points.getLast().projection().changeAtThisPace()).isCloseTo(0.2, within(0.01));
      // The same headers are not asked for again, and a tip that is no longer there is an answer.
      assertThat(headers.outlook(height)).isSameAs(outlook);
      headers.forget();
      assertThat(headers.outlook(height)).isEqualTo(outlook);
      Assertions.assertThatThrownBy(() -> headers.outlook(height + 1))
          .isInstanceOf(HttpException.class);
    }
  }
}
