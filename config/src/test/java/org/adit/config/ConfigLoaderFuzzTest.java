package org.adit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is in the file, the loader gives a configuration or a {@link ConfigException}, and
 * nothing else.
 */
class ConfigLoaderFuzzTest {
  private static final long SEED = 20_260_101L;
  private static final String[] FRAGMENTS = {
    "=",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    ",",
    "\n",
    ".",
    "-",
    "1e999999",
    "nan",
    "inf",
    "0x7fffffffffffffff",
    "-9223372036854775808",
    "1979-05-27T07:32:00Z",
    "true",
    "\\u0000",
    "\ud800",
    "listener",
    "network",
    "payout",
    "[payout]",
    "[[listener]]",
    "port = 1",
    "99999999999999999999999999",
    "\t",
    "\r",
    "\u0000",
    "#",
    "é"
  };

  @Test
  void randomBytes(@TempDir Path folder) throws IOException {
    Random random = new Random(SEED);
    Path file = folder.resolve("pool.toml");
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      Files.write(file, bytes);
      try {
        ConfigLoader.load(file);
      } catch (ConfigException e) {
        assertReadable(e);
      }
    }
  }

  @Test
  void sampleFilesWithSomethingWrong() throws IOException {
    Random random = new Random(SEED);
    String sample = Files.readString(Path.of("src", "test", "resources", "all-keys.toml"));
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      if (!loads(mutate(sample, random))) {
        refused++;
      }
    }
    // Mutations that hit a comment or a number may leave a right file; most do not.
    assertThat(refused).isBetween(500, 1499);
  }

  @Test
  void deepNestingIsRefusedNotFollowed() {
    assertThat(loads("a = " + "[".repeat(50_000))).isFalse();
    assertThat(loads("a = " + "{a=".repeat(20_000))).isFalse();
    assertThat(loads("a.".repeat(20_000) + "a = 1")).isFalse();
    assertThat(loads("[" + "a.".repeat(20_000) + "a]")).isFalse();
  }

  private static boolean loads(String text) {
    try {
      ConfigLoader.parse(text, Path.of("pool.toml"));
      return true;
    } catch (ConfigException e) {
      assertReadable(e);
      return false;
    }
  }

  /** At least one problem, a bounded number, each on one line of printable text. */
  private static void assertReadable(ConfigException e) {
    assertThat(e.problems()).isNotEmpty().hasSizeLessThanOrEqualTo(101);
    for (ConfigProblem problem : e.problems()) {
      assertThat(problem.toString().getBytes(StandardCharsets.UTF_8))
          .hasSizeLessThan(600)
          .doesNotContain((byte) '\n', (byte) 0x1b, (byte) 0);
    }
  }

  private static String mutate(String sample, Random random) {
    StringBuilder text = new StringBuilder(sample);
    int edits = 1 + random.nextInt(3);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        case 2 -> text.insert(at, text.substring(at, end));
        default -> text.setCharAt(at, (char) random.nextInt(0x250));
      }
    }
    return text.toString();
  }
}
