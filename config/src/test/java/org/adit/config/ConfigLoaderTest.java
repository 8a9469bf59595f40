package org.adit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  private static final Path FILE = Path.of("/etc/adit/pool.toml");

  private static final String SMALL =
      """
      network = "regtest"
      data_dir = "data"
      [bitcoind]
      url = "http://127.0.0.1:18443"
      cookie_file = "/var/lib/bitcoin/regtest/.cookie"
      [[listener]]
      port = 3333
      """;

  @Test
  void aSmallFileGivesEveryDefault() throws ConfigException {
    PoolConfig config = ConfigLoader.parse(SMALL, FILE).config();

    assertThat(config.network()).isEqualTo(Network.REGTEST);
    assertThat(config.dataDir()).isEqualTo(Path.of("/etc/adit/data"));
    assertThat(config.bitcoind())
        .isEqualTo(
            new BitcoindConfig(
                URI.create("http://127.0.0.1:18443"),
                new RpcCredentials.Cookie(Path.of("/var/lib/bitcoin/regtest/.cookie")),
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                false));
    assertThat(config.payout())
        .isEqualTo(
            new PayoutConfig(
                PayoutConfig.Scheme.SOLO,
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                PayoutConfig.Unfilled.SCALE,
                false,
                10_000));
    assertThat(config.coinbase().tag()).isEqualTo("/Adit/");
    assertThat(config.listeners())
        .containsExactly(
            new ListenerConfig(
                "0.0.0.0",
                3333,
                BigDecimal.valueOf(1024),
                BigDecimal.ONE,
                new BigDecimal("1000000000000000"),
                true,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                ""));
    assertThat(config.vardiff()).isEqualTo(VardiffConfig.defaults());
    assertThat(config.jobs()).isEqualTo(JobConfig.defaults());
    assertThat(config.jobs().versionMask()).isEqualTo(0x1fffe000);
    assertThat(config.limits()).isEqualTo(LimitsConfig.defaults());
    assertThat(config.limits().lineBytes()).isEqualTo(8192);
    assertThat(config.accounts()).isEmpty();
    assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Level.INFO, Optional.empty()));
  }

  @Test
  void severalNodesStandInTheOrderTheyArePreferred() throws ConfigException {
    String second =
        """
        [[bitcoind]]
        url = "http://127.0.0.1:2"
        user = "u"
        password = "p"
        isolated = true
        """;
    PoolConfig config =
        ConfigLoader.parse(SMALL.replace("[bitcoind]", "[[bitcoind]]") + second, FILE).config();
    assertThat(config.bitcoinds())
        .extracting(BitcoindConfig::url)
        .containsExactly(URI.create("http://127.0.0.1:18443"), URI.create("http://127.0.0.1:2"));
    assertThat(config.bitcoind()).isSameAs(config.bitcoinds().getFirst());
    assertThat(config.failover()).isEqualTo(FailoverConfig.defaults());

    String wrong =
        SMALL.replace("[bitcoind]", "[[bitcoind]]").replace("regtest\"", "main\"")
            + second.replace(":2", ":18443").replace("user = \"u\"\n", "");
    assertThat(problemsOf(wrong))
        .containsExactly(
            "/etc/adit/pool.toml:9:1: bitcoind[1].url: is the node of bitcoind[0] again (allowed:"
                + " each node once)",
            "/etc/adit/pool.toml:10:1: bitcoind[1].password: has no user (allowed: cookie_file; or"
                + " user with password_file or password)",
            "/etc/adit/pool.toml:11:1: bitcoind[1].isolated: a node without peers is of no use on"
                + " main (allowed: false)");
    assertThat(problemsOf(SMALL + second)).isNotEmpty();
    assertThat(
            problemsOf(
                "bitcoind = 3\n" + SMALL.replaceAll("(?m)^.bitcoind.$|^url.*$|^cook.*$", "")))
        .anyMatch(text -> text.contains("bitcoind: must be a table that stands once"));
  }

  @Test
  void everyProblemIsReportedAtOnceInFileOrder() {
    assertThat(
            problemsOf(
                """
                network = "regtst"
                data_dir = 3
                [bitcoind]
                url = "http://127.0.0.1"
                cookie_fil = "x"
                user = "u"
                [payout]
                scheme = "pplns"
                window_units = "0"
                refresh_seconds = 30
                [[listener]]
                host = "localhost"
                port = 70000
                [limit]
                """))
        .containsExactly(
            "/etc/adit/pool.toml:1:1: network: unknown word; did you mean \"regtest\"?"
                + " (allowed: \"main\", \"testnet4\", \"signet\", \"regtest\")",
            "/etc/adit/pool.toml:2:1: data_dir: is an integer, not a text"
                + " (allowed: absolute, relative to this file, or from the home folder with ~/)",
            "/etc/adit/pool.toml:4:1: bitcoind.url: needs a host and a port"
                + " (allowed: http://host:port)",
            "/etc/adit/pool.toml:5:1: bitcoind.cookie_fil: unknown key; did you mean cookie_file?",
            "/etc/adit/pool.toml:6:1: bitcoind.user: has no password"
                + " (allowed: cookie_file; or user with password_file or password)",
            "/etc/adit/pool.toml:7:1: payout.address: is missing; pplns pays blocks to the pool"
                + " (allowed: a Bitcoin address of the network)",
            "/etc/adit/pool.toml:9:1: payout.window_units: zero is not possible here (allowed:"
                + " 0.000001 to 1000, as a number or as text such as \"0.25\" or \"1/1024\")",
            "/etc/adit/pool.toml:10:1: payout.refresh_seconds: unknown key; it belongs in"
                + " [bitcoind]",
            "/etc/adit/pool.toml:13:1: listener[0].port: out of range: 70000"
                + " (allowed: 0 to 65 535)",
            "/etc/adit/pool.toml:14:1: limit: unknown key; did you mean limits?");
  }

  @Test
  void aSchemeHasTheKeysItNeedsAndNoOthers() {
    String head =
        """
        network = "regtest"
        data_dir = "d"
        [bitcoind]
        url = "http://127.0.0.1:1"
        cookie_file = "c"
        [[listener]]
        port = 1
        [payout]
        """;
    assertThat(problemsOf(head + "scheme = \"pplns_work\"\n"))
        .anyMatch(text -> text.contains("window_units: is missing; pplns_work needs"))
        .anyMatch(text -> text.contains("address: is missing; pplns_work pays blocks"));
    String address = "address = \"bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080\"\n";
    assertThat(problemsOf(head + address + "scheme = \"tides\"\nwindow_units = 4\n"))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("whose window is 8"));
    assertThat(problemsOf(head + "scheme = \"solo\"\nwindow_units = 4\n"))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("means nothing with solo"));
    String fee = "fee_ppm_subsidy = 1\n[coinbase]\ntag = \"" + "t".repeat(48) + "%s\"\n";
    assertThat(problemsOf(head + address + fee.formatted(""))).isEmpty();
    assertThat(problemsOf(head + address + fee.formatted("t")))
        .singleElement()
        .satisfies(
            text -> assertThat(text).contains("coinbase.tag: leaves too little").contains("48"));
    String direct = "scheme = \"tides\"\ndirect = true\n[limits]\nunsent_bytes = 20_000\n";
    assertThat(problemsOf(head + address + direct))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("limits.unsent_bytes").contains("64000"));
    assertThat(problemsOf(head + address + direct + "[coinbase]\nmax_bytes = 5_000\n")).isEmpty();
    assertThat(problemsOf(head + address + "scheme = \"prop\"\nunfilled = \"reserve\"\n"))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("whose round is always full"));
    assertThat(problemsOf(head + "scheme = \"fpss\"\n")).hasSize(1);
    assertThat(problemsOf(head + address + "scheme = \"pps\"\n"))
        .singleElement()
        .satisfies(text ->
            assertThat(text).contains("pps.stop_below_sat: is missing").contains("reserve"));
    String limit = "[pps]\nstop_below_sat = 3_000_000_000\n";
    assertThat(problemsOf(head + address + "scheme = \"fpps\"\n" + limit)).isEmpty();
    assertThat(problemsOf(head + address + "scheme = \"prop\"\n" + limit))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("means nothing with prop"));
    assertThat(problemsOf(head + address + "scheme = \"pps_plus\"\n" + limit))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("window_units: is missing"));
    for (String scheme : List.of("tides", "prop", "pplns\"\nwindow_units = \"1/3")) {
      assertThat(problemsOf(head + address + "scheme = \"" + scheme + "\"\n")).isEmpty();
    }
  }

  @Test
  void brokenSyntaxHidesNeitherOtherProblemsNorInventsMissingKeys() {
    assertThat(problemsOf("network = \"regtest\ndata_dir = 3\n"))
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).startsWith("/etc/adit/pool.toml:1:").contains("TOML 1.0"))
        .anySatisfy(p -> assertThat(p).startsWith("/etc/adit/pool.toml:2:1: data_dir: is an"));
  }

  @Test
  void anEmptyFileNamesWhatIsMissing() {
    assertThat(problemsOf(""))
        .containsExactly(
            "/etc/adit/pool.toml:1:1: network: is missing"
                + " (allowed: \"main\", \"testnet4\", \"signet\", \"regtest\")",
            "/etc/adit/pool.toml:1:1: data_dir: is missing"
                + " (allowed: absolute, relative to this file, or from the home folder with ~/)",
            "/etc/adit/pool.toml:1:1: bitcoind: is missing (allowed: [bitcoind])",
            "/etc/adit/pool.toml:1:1: listener: is missing (allowed: [[listener]])");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1024           | 1024
          0.001          | 0.001
          1e-3           | 0.001
          1e6            | 1000000
          "0.25"         | 0.25
          "1/1024"       | 0.0009765625
          0.1            | 0.1
          "1/1048576"    | 0.00000095367431640625
          """)
  void difficultiesAreExact(String written, BigDecimal expected) throws ConfigException {
    PoolConfig config =
        ConfigLoader.parse(
                SMALL + "min_difficulty = \"0.0000000001\"\nstart_difficulty = " + written, FILE)
            .config();
    assertThat(config.listeners().getFirst().startDifficulty()).isEqualByComparingTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          start_difficulty = 0            | start_difficulty: zero is not possible
          start_difficulty = -1           | start_difficulty: is negative
          start_difficulty = "1/3"        | start_difficulty: has no finite decimal form
          start_difficulty = "1e3"        | start_difficulty: not a number such as
          start_difficulty = nan          | start_difficulty: is not a positive number
          start_difficulty = 1e300        | start_difficulty: out of range
          start_difficulty = true         | start_difficulty: is true or false, not a number
          start_difficulty = 0.5          | start_difficulty: is below min_difficulty
          min_difficulty = 4096           | min_difficulty: is above start_difficulty
          max_difficulty = 512            | max_difficulty: is below start_difficulty
          host = "a b"                    | host: is no host name
          vardiff = "true"                | vardiff: is a text, not true or false
          """)
  void listenerValuesOutOfRange(String line, String expected) {
    assertThat(problemsOf(SMALL + line)).singleElement().asString().contains(expected);
  }

  @Test
  void pacingAndIsolationStayOnTestChains() {
    String main = SMALL.replace("regtest\"", "main\"");
    assertThat(
            problemsOf(
                main.replace("[bitcoind]", "[bitcoind]\nisolated = true") + "above_network = true"))
        .satisfiesExactly(
            p -> assertThat(p).contains("bitcoind.isolated: a node without peers"),
            p -> assertThat(p).contains("listener[0].above_network: would lose blocks on main"));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 3333, 127.0.0.1, 3333, true",
    "0.0.0.0, 3333, 127.0.0.1, 3333, true",
    "LOCALHOST, 3333, localhost, 3333, true",
    "127.0.0.1, 3333, 127.0.0.2, 3333, false",
    "127.0.0.1, 3333, 127.0.0.1, 3334, false",
    "127.0.0.1, 0, 127.0.0.1, 0, false"
  })
  void twoListenersCannotShareAPort(String h1, int p1, String h2, int p2, boolean clash) {
    String listeners =
        "[[listener]]\nhost = \"%s\"\nport = %d\n[[listener]]\nhost = \"%s\"\nport = %d\n"
            .formatted(h1, p1, h2, p2);
    List<String> problems = problemsOf(SMALL.substring(0, SMALL.indexOf("[[")) + listeners);
    if (clash) {
      assertThat(problems)
          .containsExactly(
              "/etc/adit/pool.toml:11:1: listener[1].port: is taken by listener[0]"
                  + " (allowed: each port once per address)");
    } else {
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void positionsReachArrayElementsAndFallBackToTheTable() throws ConfigException {
    ConfigPositions positions =
        ConfigLoader.parse(
                SMALL + "[[account]]\nname = \"a\"\n  address = \"bcrt1qqqqqqqqqqqqq\"\n", FILE)
            .positions();
    assertThat(positions.at("account[0].address")).isEqualTo(new ConfigPosition(10, 3));
    assertThat(positions.at("listener[0].host")).isEqualTo(new ConfigPosition(6, 1));
    assertThat(positions.at("payout.address")).isEqualTo(ConfigPosition.START);
    assertThat(positions.problem("account[0].address", "wrong network", "regtest").toString())
        .isEqualTo(
            "/etc/adit/pool.toml:10:3: account[0].address: wrong network (allowed: regtest)");
  }

  @Test
  void versionMaskNeverGrantsTheTopBits() {
    assertThat(problemsOf(SMALL + "[jobs]\nversion_mask = \"3fffe000\""))
        .singleElement()
        .asString()
        .contains("jobs.version_mask: sets bits that must stay: 20000000");
  }

  @Test
  void secretsAreReadFromTheirFileAndNeverShown(@TempDir Path folder) throws Exception {
    Path secret = folder.resolve("rpc.password");
    Files.writeString(secret, "hunter2\nsecond line\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path file = folder.resolve("pool.toml");
    Files.writeString(file, withLogin("user = \"adit\"\npassword_file = \"rpc.password\""));

    RpcCredentials credentials = ConfigLoader.load(file).config().bitcoind().credentials();

    assertThat(credentials)
        .isEqualTo(new RpcCredentials.UserPassword("adit", Secret.of("hunter2")));
    assertThat(credentials.toString()).doesNotContain("hunter2").contains("***");
  }

  @ParameterizedTest
  @CsvSource({"rw-r-----", "rw----r--", "rw-r--r--"})
  void aSecretFileOthersMayReadIsRefused(String permissions, @TempDir Path folder)
      throws Exception {
    Path secret = folder.resolve("rpc.password");
    Files.writeString(secret, "hunter2");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(permissions));
    Path file = folder.resolve("pool.toml");
    Files.writeString(file, withLogin("user = \"adit\"\npassword_file = \"rpc.password\""));

    assertThatThrownBy(() -> ConfigLoader.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pool.toml:6:1: bitcoind.password_file: may be read by others")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aPasswordInAWorldReadableConfigurationIsRefused(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(file, withLogin("user = \"adit\"\npassword = \"hunter2\""));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> ConfigLoader.load(file))
        .hasMessageContaining("pool.toml:6:1: bitcoind.password: stands in a file that everybody")
        .hasMessageNotContaining("hunter2");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(ConfigLoader.load(file).config().bitcoind().credentials())
        .isEqualTo(new RpcCredentials.UserPassword("adit", Secret.of("hunter2")));
  }

  @Test
  void aSlipBesideAPasswordDoesNotPrintIt() {
    assertThat(problemsOf(withLogin("user = \"adit\"\npassword = hunter2")))
        .isNotEmpty()
        .noneMatch(p -> p.contains("hunter2"));
    assertThat(problemsOf(withLogin("user = \"adit\"\npassword = \"h\u0001nter2\"")))
        .isNotEmpty()
        .noneMatch(p -> p.contains("nter2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cookie_file = "c"; user = "u"           | cookie_file: stands beside user
          user = "u"; password_file = "p"; password = "q" | password: stands beside password_file
          user = "u"                              | user: has no password
          password = "p"                          | password: has no user
          isolated = true                         | bitcoind: says no way to log in
          """)
  void oneWayToLogIn(String lines, String expected) {
    assertThat(problemsOf(withLogin(lines.replace("; ", "\n"))))
        .anySatisfy(p -> assertThat(p).contains(expected));
  }

  @Test
  void filesThatCannotBeReadAreProblemsToo(@TempDir Path folder) throws Exception {
    assertMessage(
        () -> ConfigLoader.load(folder.resolve("none.toml")), "none.toml: does not exist");
    assertMessage(() -> ConfigLoader.load(folder), ": is a folder, not a file");
    Path latin = folder.resolve("latin.toml");
    Files.write(latin, new byte[] {'#', (byte) 0xe9, '\n'});
    assertMessage(() -> ConfigLoader.load(latin), "latin.toml: is not UTF-8 text");
    Path big = folder.resolve("big.toml");
    Files.write(big, new byte[ConfigLoader.MAX_BYTES + 1]);
    assertMessage(() -> ConfigLoader.load(big), "big.toml: is larger than 1048576 bytes");
  }

  @Test
  void aByteOrderMarkIsForgiven() throws ConfigException {
    assertThat(ConfigLoader.parse("\ufeff" + SMALL, FILE).config().network())
        .isEqualTo(Network.REGTEST);
  }

  @Test
  void hostileKeysStayOnOneLine() {
    List<String> problems = problemsOf(SMALL + "\"a\\nb\\u001b[31m\" = 1\n");
    assertThat(problems).singleElement().asString().contains("listener[0].a\\u000ab\\u001b[31m");
  }

  private static void assertMessage(ThrowingCallable call, String expected) {
    assertThatThrownBy(call).isInstanceOf(ConfigException.class).hasMessageContaining(expected);
  }

  private static String withLogin(String lines) {
    return SMALL.replaceFirst("cookie_file = .*", lines);
  }

  private static List<String> problemsOf(String toml) {
    try {
      ConfigLoader.parse(toml, FILE);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(ConfigProblem::toString).toList();
    }
  }
}
