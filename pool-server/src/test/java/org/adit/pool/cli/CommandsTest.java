package org.adit.pool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.PoolAccounting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

class CommandsTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Cli.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private static String resource(String name) throws Exception {
    return Path.of(CommandsTest.class.getResource("/vectors/" + name).toURI()).toString();
  }

  @Test
  void referenceVectorsPass() throws Exception {
    assertThat(run("check", "vectors", resource("stratum-v1-vectors.json"))).isZero();
    assertThat(out.toString()).contains("47 vectors: 47 passed, 0 failed, 0 not supported");
  }

  @Test
  void helpNamesEachCommandOnceInWholeSentences() {
    assertThat(run("--help")).isZero();
    String help = out.toString();
    assertThat(help).contains("\nMoney\n", "\nSee\n").doesNotContain("%n", "Others");
    assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    // Lines are broken at dots, too.
    String unbroken = help.replaceAll("\\s", "");
    Main.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          CommandSpec spec = command.getCommandSpec();
          boolean hidden = spec.usageMessage().hidden();
          assertThat(help.lines().filter(line -> line.matches("  " + name + " .*")))
              .as(name)
              .hasSize(hidden ? 0 : 1);
          assertThat(unbroken.contains(name + HelpText.summary(spec).replaceAll("\\s", "")))
              .as(name)
              .isEqualTo(!hidden);
        });
    assertThat(run("payout", "--help")).isZero();
    assertThat(out.toString()).contains("  preview  Shows who would be paid now");
  }

  @Test
  void kindsNotSupportedAreListedApartWithExitCode2() throws Exception {
    int code =
        run(
            "check",
            "vectors",
            resource("accounting-vectors.json"),
            resource("sv2-share-vectors.csv"));

    assertThat(code).isEqualTo(2);
    assertThat(out.toString())
        .contains("sv2-share-vectors  2")
        .contains(" 0 failed")
        .contains("116 vectors: 114 passed, 0 failed, 2 not supported");
  }

  @Test
  void aWrongVectorIsALineAndExitCode1() throws Exception {
    Path file = folder.resolve("wrong.json");
    Files.writeString(
        file,
        """
        {"format": "pool-accounting-vectors/1", "vectors": [
          {"id": "good", "kind": "work.from_nbits", "in": {"nbits": "1d00ffff"},
           "out": {"work": "4295032833"}},
          {"id": "bad", "kind": "work.from_nbits", "in": {"nbits": "1d00ffff"},
           "out": {"work": "4294967296"}}]}
        """);

    assertThat(run("check", "vectors", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("fail  work.from_nbits  bad")
        .contains("2 vectors: 1 passed, 1 failed, 0 not supported");
  }

  @Test
  void filesThatAreNoVectorsAreNamed() throws Exception {
    Path other = folder.resolve("other.json");
    Files.writeString(other, "{\"format\": \"else/1\"}");
    Path broken = folder.resolve("broken.json");
    Files.writeString(broken, "{");

    assertThat(run("check", "vectors", other.toString())).isEqualTo(2);
    assertThat(run("check", "vectors", broken.toString())).isEqualTo(1);
    assertThat(run("check", "vectors", folder.resolve("none.json").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("else/1").contains("is not JSON").contains("cannot read");
  }

  @Test
  void tablesAndJsonOfAPoolThatRuns() throws Exception {
    try (PoolAccounting pool =
        PoolAccounting.open(folder, AccountingSettings.DEFAULT, Clock.systemUTC())) {
      pool.registerWorker("alice", "rig1");

      assertThat(run("workers", "--data", folder.toString())).isZero();
      assertThat(run("workers", "--json", "--data", folder.toString())).isZero();
      assertThat(run("blocks", "--data", folder.toString())).isZero();
      assertThat(run("balances", "--data", folder.toString())).isZero();
      assertThat(run("audit", "--data", folder.toString())).isZero();
    }

    assertThat(out.toString())
        .contains("ACCOUNT  WORKER  ACCEPTED")
        .contains("alice    rig1")
        .contains("\"account\":\"alice\",\"worker\":\"rig1\",\"shares_accepted\":0")
        .contains("no block yet")
        .contains("all credits agree to the satoshi")
        .doesNotContain("\u001b[");
  }

  private String settings() throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "data"
        [bitcoind]
        url = "http://127.0.0.1:1"
        cookie_file = "cookie"
        [payout]
        scheme = "pplns"
        window_units = 2
        address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
        [[listener]]
        port = 0
        """);
    PoolAccounting.open(folder.resolve("data"), AccountingSettings.DEFAULT, Clock.systemUTC())
        .close();
    return file.toString();
  }

  @Test
  void accountsAreKeptByCommand() throws Exception {
    String file = settings();
    String one = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    String two = "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry";
    assertThat(run("account", "add", "alice", one, "-c", file, "--threshold", "700")).isZero();
    assertThat(run("account", "add", "alice", two, "-c", file)).isEqualTo(1);
    assertThat(run("account", "add", "bob", "tb1qnotregtest", "-c", file)).isEqualTo(1);
    assertThat(run("account", "threshold", "alice", "many", "-c", file)).isEqualTo(2);
    assertThat(run("account", "address", "alice", two, "-c", file, "--note", "by mail")).isZero();
    assertThat(run("account", "threshold", "alice", "default", "-c", file)).isZero();
    assertThat(run("account", "list", "-c", file)).isZero();
    assertThat(run("account", "list", "--log", "--json", "-c", file)).isZero();
    assertThat(err.toString()).contains("exists; change it").contains("regtest");
    assertThat(out.toString())
        .contains("alice pays to " + one + ", threshold 700 sat")
        .contains("alice    " + two)
        .contains("\"threshold_sat\":-1")
        .contains("\"note\":\"by mail\"");
  }

  @Test
  void capitalIsBookedOnlyWhenToldTo() throws Exception {
    String file = settings();
    assertThat(run("capital", "deposit", "1.5", "-c", file)).isZero();
    assertThat(run("capital", "deposit", "1.5", "-c", file, "--yes")).isZero();
    assertThat(run("capital", "withdraw", "2", "-c", file, "--yes")).isEqualTo(1);
    assertThat(run("capital", "withdraw", "0.000000001", "-c", file, "--yes")).isEqualTo(2);
    assertThat(run("audit", "-c", file)).isZero();
    try (AccountingReader reader = AccountingReader.open(folder.resolve("data"))) {
      assertThat(reader.ledger()).containsEntry("asset:wallet", 150_000_000L);
    }
  }

  @Test
  void payoutsWithoutAWalletSayWhatIsMissing() throws Exception {
    String file = settings();
    assertThat(run("payout", "preview", "-c", file)).isEqualTo(1);
    assertThat(err.toString()).contains("[wallet] name");
    assertThat(run("payout", "status", "-c", file)).isZero();
    assertThat(run("payout", "status", "none", "-c", file)).isEqualTo(1);
    assertThat(out.toString()).contains("no payout yet");
  }

  @Test
  void aBackupIsRestoredAndAudited() throws Exception {
    String file = settings();
    String copy = folder.resolve("copy").toString();
    assertThat(run("backup", copy, "-c", file)).isZero();
    assertThat(run("backup", copy, "-c", file)).isEqualTo(1);
    assertThat(run("restore", copy, folder.resolve("again").toString(), "--json")).isZero();
    assertThat(out.toString()).contains("up to share 0").contains("\"agrees\":true");
    assertThat(err.toString()).contains("not empty");
  }

  @Test
  void aFolderWithoutAPoolIsAnError() {
    assertThat(run("workers", "--data", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there is no data folder");
  }

  @Test
  void configCheckPrintsEveryProblemWithItsPlace() throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(file, "network = \"regtest\"\ndata_dri = \"x\"\n");

    assertThat(run("config", "check", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("pool.toml:2:1: data_dri").contains("data_dir");
  }

  @Test
  void namesFromOutsideCannotSteerTheTerminal() {
    String table = new Table("NAME").row("\u001b[2Jrig\n1").format(false);

    assertThat(table).contains("?[2Jrig?1");
  }

  @Test
  void thePoolOfSomebodyElseIsNotLoaded() {
    assertThat(run("bench", "stratum", "--url", "stratum+tcp://192.0.2.1:3333")).isEqualTo(2);
    assertThat(err.toString()).contains("--i-own-this-target");
  }
}
