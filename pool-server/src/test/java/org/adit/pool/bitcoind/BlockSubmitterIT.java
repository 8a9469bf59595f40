package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.adit.pool.bitcoind.BlockStanding.InChain;
import org.adit.pool.bitcoind.BlockStanding.OffChain;
import org.adit.pool.bitcoind.BlockWatcher.Change;
import org.adit.pool.bitcoind.BlockWatcher.Observation;
import org.adit.pool.bitcoind.SubmitVerdict.Accepted;
import org.adit.pool.bitcoind.SubmitVerdict.AcceptedElsewhere;
import org.adit.pool.bitcoind.SubmitVerdict.Inconclusive;
import org.adit.pool.bitcoind.SubmitVerdict.Rejected;
import org.adit.pool.bitcoind.SubmitVerdict.Retry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verdict a real node can be brought to. */
final class BlockSubmitterIT {
  private static final Duration CALL = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private LocalNode node;
  private BlockSubmitter submitter;

  @BeforeEach
  void start() throws Exception {
    node = LocalNode.start(Network.REGTEST, folder);
    // Past the heights with peculiar coinbase rules, and with a median time to be older than.
    node.rpc().call("generatetodescriptor", 20, "raw(51)");
    submitter = submitter(Duration.ofMillis(600));
  }

  @AfterEach
  void stop() {
    submitter.close();
    node.close();
  }

  @Test
  void aGoodBlockIsAcceptedAndConfirmed() throws Exception {
    byte[] block = TestBlock.on(template(), 1).build();
    SubmitReport report = submit(block);
    assertThat(report.verdict()).isEqualTo(new Accepted());
    assertThat(report.attempts()).isEqualTo(1);
    assertThat(report.standing()).contains(new InChain(21, 1));
    assertThat(report.verdictAt()).isAfterOrEqualTo(report.firstSentAt());
    assertThat(node.cli("getbestblockhash")).isEqualTo(TestBlock.hashOf(block).toDisplayHex());

    SubmitReport again = submit(block);
    assertThat(again.verdict()).isEqualTo(new AcceptedElsewhere());
    assertThat(again.verdict().isFound()).isTrue();
  }

  @Test
  void ourBlockIsPreferredToARivalOfOthers() throws Exception {
    BlockTemplate template = template();
    byte[] theirs = TestBlock.on(template, 1).build();
    byte[] ours = TestBlock.on(template, 2).build();
    assertThat(node.rpc().call("submitblock", HexFormat.of().formatHex(theirs)).isNull()).isTrue();
    SubmitReport report = submit(ours);
    assertThat(report.verdict()).isEqualTo(new Inconclusive());
    assertThat(report.standing()).as("preciousblock made it the tip").contains(new InChain(21, 1));
  }

  /** The network heard of the first one first: to mine on the second would mine alone. */
  @Test
  void ofTwoRivalsOfOurOwnTheFirstStaysPreferred() throws Exception {
    BlockTemplate template = template();
    byte[] first = TestBlock.on(template, 1).build();
    byte[] second = TestBlock.on(template, 2).build();
    assertThat(submit(first).verdict()).isEqualTo(new Accepted());
    SubmitReport rival = submit(second);
    assertThat(rival.verdict()).isEqualTo(new Inconclusive());
    assertThat(rival.standing()).contains(new OffChain(21));
    assertThat(node.cli("getbestblockhash")).isEqualTo(TestBlock.hashOf(first).toDisplayHex());
  }

  @Test
  void anInvalidatedBlockStaysLost() throws Exception {
    byte[] block = TestBlock.on(template(), 1).build();
    submit(block);
    node.rpc().call("invalidateblock", TestBlock.hashOf(block).toDisplayHex());
    assertThat(submit(block).verdict()).isEqualTo(new Rejected("duplicate-invalid", false));
  }

  @Test
  void anUnknownParentIsAskedAboutAgainForAWhile() throws Exception {
    TestBlock orphan = TestBlock.on(template(), 1);
    orphan.previous = Sha256d.hash256(new byte[] {7});
    SubmitReport report = submit(orphan.build());
    assertThat(report.verdict()).isEqualTo(new Retry("prev-blk-not-found"));
    assertThat(report.verdict().isFinal()).isFalse();
    assertThat(report.attempts()).isGreaterThan(1);
    assertThat(report.standing()).isEmpty();
  }

  @Test
  void constructionErrorsAreNamedAsSuch() throws Exception {
    BlockTemplate template = template();
    TestBlock height = TestBlock.on(template, 1);
    height.coinbaseHeight++;
    assertBug(height, "bad-cb-height");
    TestBlock amount = TestBlock.on(template, 1);
    amount.valueSat++;
    assertBug(amount, "bad-cb-amount");
    TestBlock length = TestBlock.on(template, 1);
    length.extraBytes = 98; // With the height and its own length byte: 101, one too many.
    assertBug(length, "bad-cb-length");
    TestBlock root = TestBlock.on(template, 1);
    root.merkleRootWrong = true;
    assertBug(root, "bad-txnmrklroot");
    TestBlock bits = TestBlock.on(template, 1);
    bits.bits = 0x207ffffe;
    assertBug(bits, "bad-diffbits");
    TestBlock old = TestBlock.on(template, 1);
    old.time = template.minTime() - 1;
    assertBug(old, "time-too-old");
    TestBlock early = TestBlock.on(template, 1);
    early.time = Math.max(template.curTime(), Instant.now().getEpochSecond()) + 7_300;
    assertBug(early, "time-too-new");
    TestBlock version = TestBlock.on(template, 1);
    version.version = 1;
    assertBug(version, "bad-version(0x00000001)");
    TestBlock locked = TestBlock.on(template, 1);
    locked.lockTime = 1_000;
    locked.sequence = 0;
    assertBug(locked, "bad-txns-nonfinal");
    TestBlock weak = TestBlock.on(template, 1);
    weak.workMissing = true;
    assertBug(weak, "high-hash");
    SubmitReport garbage = submitter.submit(Hash256.ZERO, new byte[] {0}).get(20, TimeUnit.SECONDS);
    assertThat(garbage.verdict()).isEqualTo(new Rejected("error -22: Block decode failed", true));
  }

  private void assertBug(TestBlock block, String reason) throws Exception {
    SubmitReport report = submit(block.build());
    assertThat(report.verdict()).isEqualTo(new Rejected(reason, true));
    assertThat(report.standing()).isEmpty();
  }

  @Test
  void aBlockFoundWhileTheNodeIsDownIsSentWhenItIsBack() throws Exception {
    byte[] block = TestBlock.on(template(), 1).build();
    node.stop();
    CompletableFuture<SubmitReport> report = submitter.submit(TestBlock.hashOf(block), block);
    node.startAgain();
    SubmitReport end = report.get(30, TimeUnit.SECONDS);
    assertThat(end.verdict()).isEqualTo(new Accepted());
    assertThat(end.standing()).contains(new InChain(21, 1));
  }

  @Test
  void aNodeThatHangsIsAskedUntilItDecides() throws Exception {
    byte[] block = TestBlock.on(template(), 1).build();
    signal("STOP");
    CompletableFuture<SubmitReport> report;
    try {
      report = submitter.submit(TestBlock.hashOf(block), block);
      await()
          .pollDelay(CALL.plusMillis(500))
          .atMost(CALL.multipliedBy(3))
          .until(() -> !report.isDone());
    } finally {
      signal("CONT");
    }
    SubmitReport end = report.get(30, TimeUnit.SECONDS);
    assertThat(end.attempts()).isGreaterThan(1);
    assertThat(end.verdict()).isIn(new Accepted(), new AcceptedElsewhere());
    assertThat(end.standing()).contains(new InChain(21, 1));
  }

  @Test
  void closingGivesUpWhatIsUndecided() throws Exception {
    byte[] block = TestBlock.on(template(), 1).build();
    node.stop();
    CompletableFuture<SubmitReport> report = submitter.submit(TestBlock.hashOf(block), block);
    submitter.close();
    assertThatThrownBy(() -> report.get(10, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    assertThat(submitter.submit(TestBlock.hashOf(block), block))
        .isNotNull()
        .failsWithin(Duration.ofSeconds(10));
  }

  @Test
  void theWatcherTellsDepthOrphansAndReturns() throws Exception {
    BlockWatcher watcher = new BlockWatcher(node.rpc());
    byte[] block = TestBlock.on(template(), 1).build();
    Hash256 hash = TestBlock.hashOf(block);
    watcher.watch(hash, new BlockStanding.Unknown());
    assertThat(watcher.check()).as("a block the node does not know").isEmpty();
    assertThat(watcher.standing(hash)).isEqualTo(new BlockStanding.Unknown());

    submit(block);
    assertThat(watcher.check())
        .containsExactly(new Observation(hash, Change.DEEPER, new InChain(21, 1)));
    assertThat(watcher.check()).isEmpty();
    var mined = node.rpc().call("generatetodescriptor", 100, "raw(51)");
    assertThat(watcher.check())
        .containsExactly(new Observation(hash, Change.DEEPER, new InChain(21, 101)));
    node.rpc().call("invalidateblock", mined.get(99).stringValue());
    assertThat(watcher.check())
        .containsExactly(new Observation(hash, Change.SHALLOWER, new InChain(21, 100)));

    node.rpc().call("invalidateblock", hash.toDisplayHex());
    assertThat(watcher.check())
        .containsExactly(new Observation(hash, Change.ORPHANED, new OffChain(21)));
    assertThat(watcher.check()).isEmpty();
    node.rpc().call("reconsiderblock", hash.toDisplayHex());
    assertThat(watcher.check())
        .singleElement()
        .satisfies(o -> assertThat(o.change()).isEqualTo(Change.RECONNECTED))
        .satisfies(o -> assertThat(o.standing()).isInstanceOf(InChain.class));

    watcher.unwatch(hash);
    node.rpc().call("generatetodescriptor", 1, "raw(51)");
    assertThat(watcher.check()).isEmpty();
  }

  private SubmitReport submit(byte[] block) throws Exception {
    return submitter.submit(TestBlock.hashOf(block), block).get(30, TimeUnit.SECONDS);
  }

  private BlockSubmitter submitter(Duration undecidedLimit) {
    return new BlockSubmitter(
        new RpcClient(node.rpcUrl(), node.credentials(), CALL), Clock.systemUTC(), undecidedLimit);
  }

  private BlockTemplate template() throws Exception {
    var rules = BlockTemplateParser.rulesToAskFor(Network.REGTEST);
    return new BlockTemplateParser(Network.REGTEST)
        .parse(node.rpc().call("getblocktemplate", Map.of("rules", rules)), Instant.now());
  }

  private void signal(String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, node.pid().orElseThrow().toString()).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }
}
