package org.adit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files operators start from. */
class ProfilesTest {
  private static final Path PROFILES = Path.of("profiles");

  @ParameterizedTest
  @ValueSource(strings = {"regtest", "signet"})
  void testChainProfilesLoadAsTheyAre(String name) throws ConfigException {
    PoolConfig config = ConfigLoader.load(PROFILES.resolve(name + ".toml")).config();
    assertThat(config.network().configName()).isEqualTo(name);
    assertThat(config.dataDir()).isEqualTo(home().resolve(".adit").resolve(name));
  }

  @Test
  void theMainnetProfileAsksForWhatOnlyTheOperatorKnowsAndNothingElse() {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.load(PROFILES.resolve("mainnet.toml")));
    assertThat(e.problems())
        .extracting(ConfigProblem::key)
        .containsExactly("payout.address", "payout.window_units");
    assertThat(e.problems())
        .allSatisfy(p -> assertThat(p.message()).startsWith("is still the profile's placeholder"))
        .allSatisfy(p -> assertThat(p.line()).isGreaterThan(1));
  }

  @Test
  void theFilledInMainnetProfileLoads() throws Exception {
    String filled =
        Files.readString(PROFILES.resolve("mainnet.toml"))
            .replaceAll("\"<the pool.*>\"", "\"bc1qexampleexampleexample\"")
            .replaceAll("\"<blocks.*>\"", "\"0.1\"");
    PoolConfig config = ConfigLoader.parse(filled, Path.of("pool.toml")).config();
    assertThat(config.network()).isEqualTo(Network.MAIN);
    assertThat(config.payout().windowUnits()).contains(Ratio.parse("1/10"));
    assertThat(config.listeners()).noneMatch(ListenerConfig::aboveNetwork);
  }

  @ParameterizedTest
  @ValueSource(strings = {"regtest", "signet", "mainnet"})
  void everyLineHasItsComment(String name) throws IOException {
    List<String> lines = Files.readAllLines(PROFILES.resolve(name + ".toml"));
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
        assertThat(lines.get(i - 1)).as("line above %s", lines.get(i)).startsWith("# ");
      }
    }
  }

  @Test
  void theSampleHoldsEveryKeyAndNoneAtItsDefault() throws Exception {
    Path sample = Path.of("src", "test", "resources", "all-keys.toml");
    LoadedConfig loaded = ConfigLoader.load(sample);
    String text = Files.readString(sample);
    Set<String> missing = new TreeSet<>();
    for (Section section : Settings.ALL) {
      for (Setting<?> setting : section.settings()) {
        // Ways to log in exclude each other; the ones not taken stand in comments.
        if (!text.matches("(?s).*\\n(# )?" + setting.name() + " = .*")) {
          missing.add(section.heading() + " " + setting.name());
        }
      }
    }
    assertThat(missing).isEmpty();
    PoolConfig config = loaded.config();
    assertThat(config.jobs().versionMask()).isEqualTo(0x00ffe000);
    assertThat(config.jobs().emptyFirst()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.failover())
        .isEqualTo(new FailoverConfig(Duration.ofMillis(1_500), Duration.ofSeconds(90)));
    assertThat(config.payout().windowUnits()).contains(Ratio.parse("2.5"));
    assertThat(config.payout().unfilled()).isEqualTo(PayoutConfig.Unfilled.RESERVE);
    assertThat(config.listeners()).hasSize(2);
    assertThat(config.accounts())
        .extracting(AccountConfig::name)
        .containsExactly("farm-1", "farm_2");
    assertThat(config.accounts())
        .extracting(AccountConfig::thresholdSat)
        .containsExactly(Optional.of(5_000L), Optional.empty());
    assertThat(config.wallet())
        .isEqualTo(
            new WalletConfig(
                Optional.of("payouts"),
                250_000,
                WalletConfig.FeePayer.POOL,
                72,
                30,
                400,
                Duration.ofHours(6)));
    // Each number of the sample differs from the default, so a swapped component shows.
    assertThat(components(config.limits()))
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(components(LimitsConfig.defaults()));
    assertThat(components(config.limits())).containsExactlyElementsOf(limitsInFileOrder(text));
  }

  private static List<Object> components(LimitsConfig limits) {
    return Arrays.stream(LimitsConfig.class.getRecordComponents())
        .map(c -> {
          try {
            Object value = c.getAccessor().invoke(limits);
            return value instanceof Duration d
                ? (Object) d.toSeconds()
                : (Object) ((Integer) value).longValue();
          } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
          }
        })
        .toList();
  }

  private static List<Object> limitsInFileOrder(String text) {
    String section = text.substring(text.indexOf("[limits]"), text.indexOf("[[account]]"));
    return section
        .lines()
        .filter(l -> l.contains(" = "))
        .map(l -> (Object) Long.valueOf(l.substring(l.indexOf('=') + 2).replace("_", "")))
        .toList();
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"));
  }
}
