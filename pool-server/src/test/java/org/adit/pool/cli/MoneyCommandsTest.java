package org.adit.pool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Proofs, comparison, export and economics over a pool's folder, as a person uses them. */
class MoneyCommandsTest {
  private static final int BITS = 0x2000ffff;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data = Path.of("");
  private final JsonMapper json = JsonMapper.shared();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Cli.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  /** Waits for each share's acknowledgement. */
  private static final class Miner implements AckListener {
    private final LinkedBlockingQueue<Long> sequences = new LinkedBlockingQueue<>();

    @Override
    public void durable(List<Ack> acks) {
      acks.forEach(ack -> sequences.add(ack.sequence()));
    }

    @Override
    public void refused(List<Ack> shares, IOException cause) {
      throw new IllegalStateException(cause);
    }
  }

  private static Hash256 hash(int n) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) n;
    return Hash256.ofWire(bytes);
  }

  @BeforeEach
  void aPoolWithTwoBlocks() throws Exception {
    data = folder.resolve("pool");
    try (PoolAccounting pool =
        PoolAccounting.open(data, AccountingSettings.DEFAULT, Clock.systemUTC())) {
      int[] workers = {
        pool.registerWorker("alice", "rig1"),
        pool.registerWorker("bob", "=1+1"),
        pool.registerWorker("carol", "")
      };
      Miner miner = new Miner();
      ShareLane lane = pool.shares().openLane(64, miner);
      for (int n = 1; n <= 2; n++) {
        long winner = 0;
        for (int i = 0; i < 7; i++) {
          int flags = i == 6 ? ShareRecord.BLOCK : 0;
          lane.offer(
              new ShareRecord(
                  System.currentTimeMillis(), workers[i % 3], BITS, 10 + i, flags, 1, new byte[80]),
              null);
          Long sequence = miner.sequences.poll(20, TimeUnit.SECONDS);
          winner = sequence == null ? 0 : sequence;
        }
        assertThat(
                pool.blockFound(
                        new FoundBlock(
                            hash(n),
                            100 + n,
                            BITS,
                            5_000_000_000L,
                            12_345,
                            3,
                            winner,
                            workers[0],
                            SchemeKind.PPLNS_UNITS,
                            Clock.systemUTC().instant()))
                    .isPosted())
            .isTrue();
      }
    }
  }

  @Test
  void everyAccountOfABlockCanProveItsPart() throws Exception {
    assertThat(run("blocks", "--json", "--data", data.toString())).isZero();
    JsonNode newest = json.readTree(out.toString()).get(0);
    String root = newest.required("proof_root").asString();
    long sum = 0;
    for (String account : List.of("alice", "bob", "carol")) {
      Path file = folder.resolve(account + ".json");
      assertThat(run("proof", account, "102", "--data", data.toString(), "-o", file.toString()))
          .isZero();
      assertThat(run("proof", "verify", file.toString(), "--root", root)).isZero();
      assertThat(out.toString()).contains("the proof holds").contains("as published");
      assertThat(run("proof", "verify", "--json", file.toString())).isZero();
      JsonNode verdict = json.readTree(out.toString());
      assertThat(verdict.required("root_sat").asLong()).isEqualTo(5_000_012_345L);
      sum += verdict.required("sat").asLong();
    }
    assertThat(sum).isEqualTo(5_000_012_345L);
  }

  @Test
  void aProofThatWasTouchedDoesNotHold() throws Exception {
    String hash = hash(1).toDisplayHex();
    assertThat(run("proof", "make", "alice", hash, "--data", data.toString(), "-o", "-")).isZero();
    String good = out.toString();
    Path file = folder.resolve("p.json");
    long sat = json.readTree(good).required("sat").asLong();
    for (String bad :
        List.of(
            good.replaceFirst("\"sat\" : " + sat, "\"sat\" : " + (sat + 1)),
            good.replace("\"account\" : \"alice\"", "\"account\" : \"mallory\""),
            good.replaceFirst("\"weight\" : \"", "\"weight\" : \"1"),
            good.replaceFirst("\"nonce\" : \"..", "\"nonce\" : \"zz"),
            good.replaceFirst("\"nonce\" : \"..", "\"nonce\" : \""))) {
      assertThat(bad).isNotEqualTo(good);
      Files.writeString(file, bad);
      assertThat(run("proof", "verify", file.toString())).as(bad).isEqualTo(1);
      assertThat(out.toString()).contains("does not hold");
    }
    Files.writeString(file, good);
    assertThat(run("proof", "verify", file.toString())).isZero();
    assertThat(run("proof", "verify", file.toString(), "--root", "0".repeat(64))).isEqualTo(1);
    assertThat(run("proof", "verify", file.toString(), "--root", "00")).isEqualTo(2);
    for (String broken : List.of("", "{}", "[1]", good.replace("\"root\"", "\"toor\""))) {
      Files.writeString(file, broken);
      assertThat(run("proof", "verify", file.toString())).as(broken).isEqualTo(2);
    }
    assertThat(run("proof", "verify", folder.resolve("none").toString())).isEqualTo(2);
  }

  @Test
  void whatCannotBeProvenIsSaid() {
    String where = data.toString();
    assertThat(run("proof", "mallory", "101", "--data", where)).isEqualTo(1);
    assertThat(err.toString()).contains("paid nothing to 'mallory'");
    assertThat(run("proof", "alice", "7", "--data", where)).isEqualTo(1);
    assertThat(err.toString()).contains("no block at height 7");
    assertThat(run("proof", "alice", "x", "--data", where)).isEqualTo(2);
    assertThat(run("proof")).isEqualTo(2);
  }

  @Test
  void creditsAreExportedByAccountBlockAndPeriod() throws Exception {
    String where = data.toString();
    assertThat(run("export", "credits", "--data", where)).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.getFirst()).startsWith("height,block,state,scheme");
    assertThat(out.toString()).contains(",bob,\"'=1+1\",");
    long sum = 0;
    for (String line : lines.subList(1, 7)) {
      sum += Long.parseLong(line.substring(line.lastIndexOf(',') + 1));
    }
    assertThat(sum).isEqualTo(2 * 5_000_012_345L);

    assertThat(run("export", "credits", "--data", where, "--account", "bob", "--block", "101"))
        .isZero();
    assertThat(out.toString().lines()).hasSize(2);
    assertThat(run("export", "credits", "--data", where, "--to", "2020-01-01")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(run("export", "credits", "--data", where, "--from", "soon")).isEqualTo(2);

    Path file = folder.resolve("credits.json");
    assertThat(
            run(
                "export",
                "credits",
                "--data",
                where,
                "--format",
                "json",
                "-o",
                file.toString(),
                "--from",
                "2020-01-01T00:00:00Z"))
        .isZero();
    List<String> objects = Files.readAllLines(file);
    assertThat(objects).hasSize(6);
    assertThat(json.readTree(objects.getFirst()).required("height").asInt()).isEqualTo(101);
  }

  @Test
  void schemesAreComparedInTextAndJson() throws Exception {
    assertThat(run("compare", "--data", data.toString())).isZero();
    assertThat(out.toString()).contains("pplns_units *").contains("fpps").contains("2 blocks");
    assertThat(
            run("compare", "--json", "--blocks", "1", "--window", "1/2", "--data", data.toString()))
        .isZero();
    JsonNode root = json.readTree(out.toString());
    assertThat(root.required("blocks").asInt()).isEqualTo(1);
    assertThat(root.required("schemes").size()).isEqualTo(8);
    assertThat(run("compare", "--window", "0", "--data", data.toString())).isEqualTo(2);
    assertThat(run("compare", "--blocks", "0", "--data", data.toString())).isEqualTo(2);
  }

  private Path config(String economics) throws IOException {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "pool"
        [bitcoind]
        url = "http://127.0.0.1:1"
        cookie_file = "c"
        [[listener]]
        port = 1
        """
            + economics);
    return file;
  }

  @Test
  void economicsAreThoseOfTheReference() throws Exception {
    Path file =
        config(
            """
            [economics]
            price_per_btc = 1
            price_file = "price"
            power_price_per_kwh = "0.0489"
            joules_per_terahash = "17.5"
            """);
    Files.writeString(folder.resolve("price"), "88030\n");
    assertThat(
            run(
                "economics",
                "--json",
                "-c",
                file.toString(),
                "--nbits",
                "1701f0cc",
                "--subsidy-sat",
                "312500000",
                "--fees-sat",
                "0"))
        .isZero();
    JsonNode root = json.readTree(out.toString());
    assertThat(root.required("network_work").asString()).isEqualTo("622960862669164472350557");
    // Vector hashprice-1 at this network's hashrate.
    double expected = 44033.4128878282 * 1.0219512195121952E21 / 1.03826810444861E21;
    assertThat(root.required("hashprice_sat_per_phs_day").asDouble() / expected)
        .isBetween(1 - 1e-9, 1 + 1e-9);
    assertThat(root.required("margin").required("power_cost_per_phs_day").asDouble())
        .isBetween(20.538 - 1e-9, 20.538 + 1e-9);
    assertThat(root.required("price_per_btc").asDouble()).isEqualTo(88_030);
    assertThat(root.required("luck").required("found_blocks").asInt()).isEqualTo(2);
  }

  @Test
  void marginsAreToldByGroupAndByWorker() throws Exception {
    Path file =
        config(
            """
            [economics]
            price_per_btc = 100000
            power_price_per_kwh = "0.1"
            joules_per_terahash = 30
            [[power]]
            group = "everybody"
            workers = "*.nothing, *"
            joules_per_terahash = 15
            """);
    assertThat(run("economics", "--workers", "-c", file.toString())).isZero();
    assertThat(out.toString()).contains("GROUP", "WORKER", "BREAK-EVEN");
    assertThat(run("economics", "--workers", "--json", "-c", file.toString())).isZero();
    JsonNode root = json.readTree(out.toString());
    assertThat(root.required("groups").size()).isEqualTo(1);
    assertThat(root.required("groups").required(0).required("name").asString())
        .isEqualTo("everybody");
    assertThat(root.required("workers").size()).isEqualTo(3);
    assertThat(root.required("workers").required(0).required("kilowatts").asDouble()).isPositive();
    file = config("[[power]]\ngroup = \"others\"\nworkers = \"*\"\n");
    assertThat(run("economics", "-c", file.toString())).isNotZero();
    assertThat(err.toString()).contains("workers no group fits");
  }

  @Test
  void economicsTakeWhatThePoolKnowsAndSayWhatTheyMiss() throws Exception {
    Path file = config("[economics]\nprice_file = \"none\"\n");
    assertThat(run("economics", "-c", file.toString())).isZero();
    assertThat(out.toString())
        .contains("network hashrate")
        .contains("sat per PH/s and day")
        .contains("luck")
        .doesNotContain("gross margin");
    assertThat(err.toString()).contains("no price in");
    assertThat(run("economics", "-c", file.toString(), "--nbits", "00000000")).isEqualTo(2);
    Files.delete(data.resolve("accounting.db"));
    assertThat(run("economics", "-c", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("--nbits");
  }
}
