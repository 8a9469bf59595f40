package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.DirectWindow;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.PayRule;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.FrozenList;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Work;
import org.bitcoinj.core.Transaction;
import org.bitcoinj.core.TransactionOutput;
import org.junit.jupiter.api.Test;

/** Coinbases that pay miners, as jobs carry them, for each class of devices. */
class DirectCoinbaseTest {
  private static final int BITS = 0x207fffff;
  private static final long MAX_WEIGHT = 4_000_000;
  private static final long MAX_SIGOPS = 80_000;
  private static final List<ScriptType> TYPES =
      List.of(
          ScriptType.P2PKH, ScriptType.P2SH, ScriptType.P2WPKH, ScriptType.P2WSH, ScriptType.P2TR);

  private static byte[] script(ScriptType type, int number) {
    String id = "%08x".formatted(number);
    String hex =
        switch (type) {
          case P2PKH -> "76a914" + id.repeat(5) + "88ac";
          case P2SH -> "a914" + id.repeat(5) + "87";
          case P2WPKH -> "0014" + id.repeat(5);
          case P2WSH -> "0020" + id.repeat(8);
          case P2TR -> "5120" + id.repeat(8);
          case P2A -> throw new IllegalArgumentException("nobody is paid so");
        };
    return HexFormat.of().parseHex(hex);
  }

  /** A pool with everything chosen at random. */
  private static final class House {
    final Random random;
    final Map<String, byte[]> scripts = new TreeMap<>();
    final byte[] poolScript;
    final String tag;
    final long leastSat;
    final DirectWindow window;
    final DirectCoinbase direct;
    final JobBook jobs;

    House(Random random, int miners) {
      this.random = random;
      this.poolScript = script(TYPES.get(random.nextInt(TYPES.size())), 0xffffffff);
      this.tag = "t".repeat(random.nextInt(32));
      this.leastSat = List.of(1L, 10_000L, 3_000_000L).get(random.nextInt(3));
      this.window = window(miners);
      this.direct =
          new DirectCoinbase(
              bits -> window, scripts::get, poolScript, tag.length(), 16_000, leastSat);
      JobFactory factory =
          new JobFactory(
              direct,
              tag,
              0,
              new AtomicLong(1)::getAndIncrement,
              new AtomicInteger(random.nextInt())::getAndIncrement,
              Clock.systemUTC(),
              job -> {});
      this.jobs = new JobBook(factory, Clock.systemUTC());
    }

    private DirectWindow window(int miners) {
      SortedMap<WorkerKey, Rational> weights = new TreeMap<>();
      Rational filled = Rational.ZERO;
      for (int i = 0; i < miners; i++) {
        String account = "m" + i;
        if (i % 11 != 7) { // The others have no address.
          scripts.put(account, script(TYPES.get(random.nextInt(TYPES.size())), i));
        }
        Rational weight = Rational.of(1L + random.nextInt(1 << random.nextInt(1, 30)));
        weights.put(new WorkerKey(account, "w"), weight);
        filled = filled.plus(weight);
      }
      boolean full = random.nextBoolean();
      Rational size = full ? filled : filled.times(Rational.of(2));
      PayRule rule =
          new PayRule(
              1,
              1,
              SchemeKind.PPLNS_UNITS,
              size,
              UnfilledPolicy.RESERVE,
              new FeePpm(random.nextInt(30_000), random.nextInt(30_000)));
      return new DirectWindow(
          random.nextInt(1, 1_000_000), BITS, rule, new Window(size, filled, weights, null));
    }

    BlockTemplate template() {
      boolean full = random.nextBoolean();
      List<TemplateTransaction> transactions =
          full
              ? List.of(
                  transaction(1, 3_000_000, random.nextInt(70_000)),
                  // Between what a node leaves free by default and a good deal more.
                  transaction(2, random.nextInt(930_000, 992_001), 9_600))
              : List.of(transaction(3, 1_000, 4));
      int height = 1 + random.nextInt(3_000_000);
      return Templates.of(height, Templates.hash(height), BITS, 0x20000000, 0, transactions);
    }

    private TemplateTransaction transaction(int id, int weight, int sigops) {
      return new TemplateTransaction(
          new byte[60], Templates.hash(id), weight, sigops, random.nextInt(90_000_000));
    }

    Work work(BlockTemplate template) {
      direct.prepare(template);
      return jobs.accept(template);
    }
  }

  @Test
  void everyClassPaysTheWholeBlockWithinItsBytesAndOwesTheRest() {
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      House house = new House(random, List.of(1, 5, 30, 120, 700).get(seed % 5));
      BlockTemplate template = house.template();
      Work work = house.work(template);
      long before = 0;
      for (CoinbaseClass devices : CoinbaseClass.values()) {
        long paid = check(house, template, work.jobFor("anybody", devices), devices);
        assertThat(paid).as("larger coinbases pay miners more").isGreaterThanOrEqualTo(before);
        before = paid;
      }
    }
  }

  /** Checks one coinbase against the division of its block; gives what it pays to miners. */
  private static long check(
      House house, BlockTemplate template, MiningJob job, CoinbaseClass devices) {
    byte[] extranonce = new byte[12];
    house.random.nextBytes(extranonce);
    byte[] bytes = job.coinbase().assemble(extranonce);
    long weight = template.transactions().stream().mapToLong(TemplateTransaction::weight).sum();
    long sigops = template.transactions().stream().mapToLong(TemplateTransaction::sigops).sum();
    assertThat(bytes.length).isLessThanOrEqualTo(devices.maxBytes());
    assertThat(4L * (80 + 3 + bytes.length) + 36 + weight).isLessThanOrEqualTo(MAX_WEIGHT);

    Settlement owed =
        house.window.divide(new Amounts(template.subsidySat(), template.feesSat())).orElseThrow();
    FrozenList frozen = Objects.requireNonNull(job.frozen());
    assertThat(frozen.endSequence()).isEqualTo(house.window.endSequence());

    Transaction coinbase = Transaction.read(ByteBuffer.wrap(bytes));
    assertThat(coinbase.getOutputSum().value).isEqualTo(template.coinbaseValueSat());
    List<TransactionOutput> outputs = new ArrayList<>(coinbase.getOutputs());
    assertThat(outputs.removeLast().getValue().value).as("the commitment").isZero();
    long pool = 0;
    if (java.util.Arrays.equals(outputs.getLast().getScriptBytes(), house.poolScript)) {
      pool = outputs.removeLast().getValue().value;
      sigops += ScriptType.ofScript(house.poolScript).sigopCost();
    }
    Map<String, Long> byScript = new TreeMap<>();
    for (TransactionOutput output : outputs) {
      ScriptType type = ScriptType.ofScript(output.getScriptBytes());
      assertThat(output.getValue().value)
          .isGreaterThanOrEqualTo(Math.max(house.leastSat, type.dustSat()));
      byScript.put(hex(output.getScriptBytes()), output.getValue().value);
      sigops += type.sigopCost();
    }
    assertThat(sigops).isLessThanOrEqualTo(MAX_SIGOPS);

    Map<String, Long> expected = new TreeMap<>();
    long carry = owed.poolFee().totalSat();
    for (Map.Entry<String, Amounts> one : owed.byAccount().entrySet()) {
      Long paid = frozen.paidSat().get(one.getKey());
      if (paid == null) {
        carry += one.getValue().totalSat();
      } else {
        assertThat(paid).as("all of it or nothing").isEqualTo(one.getValue().totalSat());
        expected.put(hex(Objects.requireNonNull(house.scripts.get(one.getKey()))), paid);
      }
    }
    assertThat(owed.byAccount().keySet()).containsAll(frozen.paidSat().keySet());
    assertThat(byScript).as("what the list says is what the coinbase pays").isEqualTo(expected);
    assertThat(pool).as("fee and what is owed on").isEqualTo(carry);
    return frozen.paidSat().values().stream().mapToLong(Long::longValue).sum();
  }

  private static String hex(byte[] script) {
    return HexFormat.of().formatHex(script);
  }

  @Test
  void aMinerAloneFitsEverybodysCoinbaseAndAllDevicesShareAJob() {
    for (int seed = 0; seed < 20; seed++) {
      House house = new House(new Random(seed), 1);
      Work work = house.work(house.template());
      MiningJob job = work.jobFor("a", CoinbaseClass.BYTES_255);
      assertThat(Objects.requireNonNull(job.frozen()).paidSat()).hasSize(1);
      for (CoinbaseClass devices : CoinbaseClass.values()) {
        assertThat(work.jobFor("b", devices)).isSameAs(job);
      }
    }
  }

  @Test
  void aFullBlockBoundsTheLargeClassesAndTheyShareAJob() {
    House house = new House(new Random(4), 700);
    List<TemplateTransaction> full =
        List.of(
            new TemplateTransaction(
                new byte[60], Templates.hash(1), (int) MAX_WEIGHT - 8_000, 79_600, 1));
    Work work = house.work(Templates.of(900_000, Templates.hash(2), BITS, 0x20000000, 0, full));
    MiningJob job = work.jobFor("a", CoinbaseClass.BYTES_16000);
    assertThat(job.coinbase().size()).isBetween(1_808, 1_908);
    assertThat(work.jobFor("a", CoinbaseClass.BYTES_2250)).isSameAs(job);
    assertThat(work.jobFor("a", CoinbaseClass.BYTES_750)).isNotSameAs(job);
  }

  @Test
  void aTemplateNobodyMadeListsForPaysThePool() {
    House house = new House(new Random(5), 20);
    BlockTemplate template = house.template();
    MiningJob job = house.jobs.accept(template).jobFor("a", CoinbaseClass.BYTES_6500);
    assertThat(job.frozen()).isNull();
    Transaction coinbase = Transaction.read(ByteBuffer.wrap(job.coinbase().assemble(new byte[12])));
    assertThat(coinbase.getOutput(0).getScriptBytes()).isEqualTo(house.poolScript);
    assertThat(coinbase.getOutput(0).getValue().value).isEqualTo(template.coinbaseValueSat());
  }
}
