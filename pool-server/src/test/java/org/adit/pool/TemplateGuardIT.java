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
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbasePayouts;
import org.adit.pool.work.CoinbasePlan;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.MiningJob;
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

  /** A coinbase of 16 000 bytes in a block that has the room: the node takes it. */
  @Test
  void eachClassOfDevicesIsShownToTheNodeOnce() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder);
        BlockProposal proposal = new BlockProposal(config(node), Network.REGTEST)) {
      node.cli("generatetoaddress", "3", StratumHouse.ADDRESS);
      byte[] script =
          PayoutAddress.parse(AddressNetwork.REGTEST, StratumHouse.ADDRESS).scriptPubKey();
      JobBook jobs = jobs(template -> new ManyOutputs(script, template.coinbaseValueSat()));
      try (TemplateGuard guard = new TemplateGuard(proposal::refusal, jobs, sent::add)) {
        Work work = jobs.accept(template(node, 0));
        MiningJob large = work.jobFor("anybody", CoinbaseClass.BYTES_16000);
        assertThat(large.coinbase().size()).isBetween(15_900, 16_000);
        guard.check(work);
        guard.check(work);
        assertThat(guard.checked()).isEqualTo(1);

        // The first miner of another class comes later; the pool's watch sees its job.
        var _ = work.jobFor("anybody", CoinbaseClass.BYTES_500);
        guard.tick();
        await().atMost(SOON).until(() -> guard.checked() == 2);
        Work renewed = jobs.renew().orElseThrow();
        var _ = renewed.jobFor("anybody", CoinbaseClass.BYTES_500);
        guard.check(renewed);
        assertThat(guard.checked()).as("the same template").isEqualTo(2);
        assertThat(guard.refused()).isZero();
        assertThat(sent).isEmpty();
      }
    }
  }

  /** As many outputs as a class has room for. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ManyOutputs(byte[] script, long sat) implements CoinbasePlan {
    private static final int AROUND = 160;
    private static final int OUTPUT = 31;

    @Override
    public CoinbaseClass layout(CoinbaseClass devices) {
      return devices;
    }

    @Override
    public String jobKey(String account, CoinbaseClass layout) {
      return layout.name();
    }

    @Override
    public CoinbasePayouts payouts(String account, CoinbaseClass layout) {
      List<CoinbaseOutput> outputs = new ArrayList<>();
      int count = (layout.maxBytes() - AROUND) / OUTPUT;
      for (int i = 1; i < count; i++) {
        outputs.add(new CoinbaseOutput(script, 1_000));
      }
      outputs.add(new CoinbaseOutput(script, sat - 1_000L * (count - 1)));
      return new CoinbasePayouts(outputs, null);
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
    return jobs(PoolCoinbase.custodial(script));
  }

  private static JobBook jobs(CoinbasePolicy policy) {
    JobFactory factory =
        new JobFactory(
            policy,
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
