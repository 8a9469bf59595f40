package org.adit.pool.stratum.v1;

import static org.assertj.core.api.Assertions.assertThat;

import org.adit.hasher.Difficulty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V1NamesTest {
  @ParameterizedTest
  @CsvSource({
    "bc1qxyz.rig1, bc1qxyz, rig1",
    "bc1qxyz, bc1qxyz, default",
    "bc1qxyz., bc1qxyz, default",
    "acme.rack.7:a-b_c, acme, rack.7:a-b_c",
    "acme.<script>, acme, script",
    "acme.a b, acme, ab",
  })
  void usersSplitAtTheFirstDot(String user, String account, String worker) {
    assertThat(UserName.parse(user)).hasValue(new UserName(account, worker));
  }

  @Test
  void impossibleUsersAreRefused() {
    assertThat(UserName.parse(null)).isEmpty();
    assertThat(UserName.parse("")).isEmpty();
    assertThat(UserName.parse(".rig")).isEmpty();
    assertThat(UserName.parse("a b.rig")).isEmpty();
    assertThat(UserName.parse("a\u0000")).isEmpty();
    assertThat(UserName.parse("x".repeat(161))).isEmpty();
    assertThat(UserName.parse("acme." + "w".repeat(150)).orElseThrow().worker()).hasSize(64);
  }

  @Test
  void passwordsCarryOptions() {
    PasswordOptions options = PasswordOptions.parse("x,d=512;md=0.5 p=1,fd=nan,diff");

    assertThat(options.start()).hasValue(Difficulty.of(512));
    assertThat(options.floor()).hasValue(Difficulty.parse("0.5"));
    assertThat(options.fixed()).isEmpty();
    assertThat(PasswordOptions.parse("x")).isEqualTo(PasswordOptions.NONE);
    assertThat(PasswordOptions.parse(null)).isEqualTo(PasswordOptions.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "Infinity", "1e999999", "1e-999999", "", "0x10", "1,5"})
  void unusableDifficultiesAreIgnored(String text) {
    assertThat(DifficultyText.read(text)).isEmpty();
  }

  @Test
  void difficultiesComeAsNumbersOrText() {
    assertThat(DifficultyText.read(1_000L)).hasValue(Difficulty.of(1_000));
    assertThat(DifficultyText.read("0.00015")).hasValue(Difficulty.parse("0.00015"));
    assertThat(DifficultyText.read(new java.math.BigDecimal("1e3"))).hasValue(Difficulty.of(1_000));
    assertThat(DifficultyText.read(true)).isEmpty();
  }
}
