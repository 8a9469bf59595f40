package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.config.BitcoindConfig;
import org.adit.config.Network;
import org.adit.pool.bitcoind.BlockProposal;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.BlockTemplateParser;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Our own block is shown to a real node before anybody finds it. */
class TemplateGuardIT {
  private static final java.time.Duration SOON = java.time.Duration.ofSeconds(30);

  @TempDir Path folder;

  private final List<Optional<Work>> sent = new ArrayList<>();

  @Test
  void whatTheNodeWouldRefuseIsWithdrawnForTheLastGoodTemplate() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder);
        BlockProposal proposal = new BlockProposal(config(node), Network.REGTEST)) {
      node.cli("generatetoaddress", "3", StratumHouse.ADDRESS);
      JobBook jobs = jobs();
      try (TemplateGuard guard = new TemplateGuard(proposal::refusal, jobs, sent::add)) {
        Work good = jobs.accept(template(node, 0));
        guard.check(good);
        assertThat(guard.checked()).as("no job was made of it yet").isZero();

        good.jobFor("anybody");
        guard.check(good);
        assertThat(guard.checked()).isEqualTo(1);
        assertThat(guard.refused()).isZero();

        // A coinbase for another height: the node finds fault with its lock time first.
        Work bad = jobs.accept(template(node, 1));
        bad.jobFor("anybody");
        guard.check(bad);
        assertThat(guard.refused()).isEqualTo(1);
        assertThat(sent).hasSize(1);
        Work instead = sent.getFirst().orElseThrow();
        assertThat(instead.template()).isSameAs(good.template());
        assertThat(jobs.current()).isSameAs(instead);

        // On a new tip there is no good one yet: nothing true to mine.
        node.cli("generatetoaddress", "1", StratumHouse.ADDRESS);
        Work alone = jobs.accept(template(node, 1));
        alone.jobFor("anybody");
        guard.check(alone);
        assertThat(sent.getLast()).isEmpty();
        assertThat(jobs.current()).isNull();
        assertThat(guard.blocked()).contains("the node would refuse our blocks: ");

        // Before anybody mines again the node has to take a block.
        AtomicInteger taken = new AtomicInteger();
        guard.tryOut(template(node, 1), taken::incrementAndGet);
        await().atMost(SOON).until(() -> guard.refused() == 3);
        assertThat(guard.blocked()).isNotNull();
        guard.tryOut(template(node, 0), taken::incrementAndGet);
        await().atMost(SOON).until(() -> taken.get() == 1);
        assertThat(guard.blocked()).isNull();
        assertThat(jobs.current()).as("the trial was nobody's work").isNull();

        // A block for a tip that is gone is no fault of the template.
        Work late = jobs.accept(template(node, 0));
        late.jobFor("anybody");
        node.cli("generatetoaddress", "1", StratumHouse.ADDRESS);
        guard.check(late);
        assertThat(guard.refused()).isEqualTo(3);
        assertThat(guard.checked()).isEqualTo(6);
      }
    }
  }

  private static BitcoindConfig config(LocalNode node) {
    return new BitcoindConfig(
        node.rpcUrl(),
        node.credentials(),
        Optional.empty(),
        java.time.Duration.ofSeconds(10),
        java.time.Duration.ofSeconds(2),
        java.time.Duration.ofSeconds(30),
        true);
  }

  private static JobBook jobs() throws Exception {
    byte[] script =
        PayoutAddress.parse(AddressNetwork.REGTEST, StratumHouse.ADDRESS).scriptPubKey();
    JobFactory factory =
        new JobFactory(
            PoolCoinbase.custodial(script),
            "/Adit/",
            StratumHouse.MASK,
            new AtomicLong(1)::getAndIncrement,
            new AtomicInteger(1)::getAndIncrement,
            Clock.systemUTC(),
            job -> {});
    return new JobBook(factory, Clock.systemUTC());
  }

  private static BlockTemplate template(LocalNode node, int heightOff) throws Exception {
    ObjectNode answer =
        (ObjectNode) node.rpc().call("getblocktemplate", Map.of("rules", List.of("segwit")));
    answer.put("height", answer.required("height").asInt() + heightOff);
    return new BlockTemplateParser(Network.REGTEST).parse(answer, Instant.now());
  }
}
