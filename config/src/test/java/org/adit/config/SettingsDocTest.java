package org.adit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} says what the program does, because its tables are made from the
 * program.
 */
class SettingsDocTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String BEGIN =
      "<!-- settings: written by SettingsDocTest, do not edit -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void thePageHoldsTheTableOfSettings() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(BEGIN, END);
    String wanted =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + "\n"
            + SettingsDoc.markdown()
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("adit.docs.write")) {
      Files.writeString(PAGE, wanted);
    }
    assertThat(Files.readString(PAGE))
        .as("run: mvn -pl config test -Dtest=SettingsDocTest -Dadit.docs.write=true")
        .isEqualTo(wanted);
  }
}
