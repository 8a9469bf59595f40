package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.adit.hasher.Difficulty;
import org.adit.pool.stratum.StratumLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each known client says and what it must hear, in the order of the wire (Stratum V1
 * specification section 11). The files hold the dialogues: {@code >} is sent, {@code <} must come,
 * {@code share} sends a share found for the newest job, {@code oldshare} one for the first job,
 * {@code reconnect} hangs up and dials again, {@code skip} drops notifications, {@code anyorder} to
 * {@code inorder} holds lines whose order is not fixed. {@code *} fits anything; {@code $name} is
 * bound where it stands first.
 */
class DialoguesIT {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Path FOLDER = Path.of("src", "test", "resources", "dialogues");

  @TempDir Path folder;

  static Stream<String> clients() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theClientHearsWhatItMustHear(String file) throws Exception {
    try (StratumHouse house = new StratumHouse(folder, StratumLimits.DEFAULT)) {
      Dialogue dialogue = new Dialogue(house);
      try {
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
          dialogue.play(line);
        }
      } finally {
        dialogue.client.close();
      }
      assertThat(dialogue.lines).isGreaterThan(4);
    }
  }

  private static final class Dialogue {
    private final StratumHouse house;
    private final Map<String, String> bound = new HashMap<>();
    private final List<JsonNode> unordered = new ArrayList<>();
    private final StringBuilder unsent = new StringBuilder();
    private V1Client client;
    private @Nullable V1Job job;
    private @Nullable V1Job firstJob;
    private Difficulty difficulty = Difficulty.of(1);
    private long extranonce2 = 1;
    private boolean ordered = true;
    private boolean skipping;
    private int lines;

    Dialogue(StratumHouse house) throws IOException {
      this.house = house;
      this.client = house.connect();
    }

    void play(String line) throws IOException {
      if (line.isBlank() || line.startsWith("#")) {
        return;
      }
      lines++;
      String word = line.split(" ", 2)[0];
      String rest = line.substring(word.length()).strip();
      if (!word.equals(">")) {
        // What stands together goes out together: clients do not wait for each reply.
        client.sendRaw(unsent.toString());
        unsent.setLength(0);
      }
      switch (word) {
        case ">" -> unsent.append(fill(rest)).append('\n');
        case "<" -> expect(JSON.readTree(rest));
        case "share" -> client.send(share(job, rest));
        case "oldshare" -> client.send(share(firstJob, rest));
        case "skip" -> skipping = true;
        case "anyorder" -> ordered = false;
        case "inorder" -> {
          ordered = true;
          settle();
        }
        case "reconnect" -> {
          client.close();
          org.awaitility.Awaitility.await().until(() -> house.connections() == 0);
          client = house.connect();
        }
        default -> throw new IllegalArgumentException(line);
      }
    }

    private void expect(JsonNode wanted) throws IOException {
      if (ordered) {
        JsonNode came = next();
        assertThat(fits(wanted, came)).as("wanted %s, came %s", wanted, came).isTrue();
      } else {
        unordered.add(wanted);
      }
    }

    private void settle() throws IOException {
      while (!unordered.isEmpty()) {
        JsonNode came = next();
        boolean known = false;
        for (Iterator<JsonNode> all = unordered.iterator(); all.hasNext() && !known; ) {
          if (fits(all.next(), came)) {
            all.remove();
            known = true;
          }
        }
        assertThat(known).as("came %s, waiting for %s", came, unordered).isTrue();
      }
    }

    private JsonNode next() throws IOException {
      while (true) {
        JsonNode came = client.next();
        String method = came.path("method").asString("");
        if (method.equals("mining.notify")) {
          job = V1Job.of(came.required("params"));
          firstJob = firstJob == null ? job : firstJob;
        } else if (method.equals("mining.set_difficulty")) {
          BigDecimal value = came.required("params").required(0).decimalValue();
          difficulty = Difficulty.of(value);
        } else if (came.path("result").path(1).isString()) {
          bound.put("$extranonce1", came.required("result").required(1).asString());
        }
        if (!skipping || method.isEmpty()) {
          skipping = false;
          return came;
        }
      }
    }

    private String share(@Nullable V1Job newest, String template) {
      V1Job of = Objects.requireNonNull(newest, "no job came yet");
      String extranonce1 = String.valueOf(bound.get("$extranonce1"));
      V1Job.Share found =
          of.find(extranonce1, "%016x".formatted(extranonce2++), difficulty.target());
      return template
          .replace("$job", of.id())
          .replace("$extranonce2", found.extranonce2())
          .replace("$ntime", "%08x".formatted(found.header().time()))
          .replace("$shortnonce", "%x".formatted(found.header().nonce()))
          .replace("$nonce", "%08x".formatted(found.header().nonce()));
    }

    private String fill(String line) {
      String filled = line;
      for (Map.Entry<String, String> entry : bound.entrySet()) {
        filled = filled.replace(entry.getKey(), entry.getValue());
      }
      return filled;
    }

    private boolean fits(JsonNode wanted, JsonNode came) {
      String text = wanted.isString() ? wanted.asString() : "";
      if (text.equals("*")) {
        return true;
      }
      if (text.startsWith("$")) {
        String before = bound.putIfAbsent(text, came.asString());
        return before == null || before.equals(came.asString());
      }
      if (wanted.isArray() && came.isArray() && wanted.size() == came.size()) {
        for (int i = 0; i < wanted.size(); i++) {
          if (!fits(wanted.required(i), came.required(i))) {
            return false;
          }
        }
        return true;
      }
      if (wanted.isObject() && came.isObject()) {
        return List.copyOf(wanted.propertyNames()).equals(List.copyOf(came.propertyNames()))
            && wanted.propertyNames().stream()
                .allMatch(name -> fits(wanted.required(name), came.required(name)));
      }
      return wanted.equals(came);
    }
  }
}
