package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A dialogue being played: what the file binds, the jobs that came, the shares that went. */
final class Dialogue implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final BigDecimal FINDABLE = new BigDecimal("0.0005");

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
  private int versionBits;
  private int fromNonce;
  private boolean alike;
  private String lastShare = "";
  private WireRules rules = new WireRules();
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
      case "share" -> send(share(job, rest));
      case "oldshare" -> send(share(firstJob, rest));
      case "same" -> client.send(lastShare.replace("\"id\": 5", "\"id\": 6"));
      case "bits" -> versionBits = HexFormat.fromHexDigits(rest);
      case "from" -> begin(rest);
      case "newwork" -> house.newWork();
      case "newtip" -> house.newTip();
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
        rules = new WireRules();
      }
      default -> throw new IllegalArgumentException(line);
    }
  }

  /** Lines of the file that were played. */
  int lines() {
    return lines;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  private void send(String line) throws IOException {
    lastShare = line;
    client.send(line);
  }

  private void begin(String rest) {
    String[] words = rest.split(" ", 2);
    alike = true;
    extranonce2 = HexFormat.fromHexDigitsToLong(words[0]);
    fromNonce = HexFormat.fromHexDigits(words[1]);
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
      String line = Objects.requireNonNull(client.line(), "the pool hung up");
      JsonNode came = JSON.readTree(line);
      rules.check(line, came);
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
    assertThat(difficulty).as("too hard to find in a test").isLessThan(Difficulty.of(FINDABLE));
    String counter = "%016x".formatted(alike ? extranonce2 : extranonce2++);
    BlockHeader start = of.header(extranonce1, counter, versionBits, of.time());
    V1Job.Share found = V1Job.find(start, counter, difficulty.target(), fromNonce);
    return template
        .replace("$job", of.id())
        .replace("$extranonce2", found.extranonce2())
        .replace("$ntime", "%08x".formatted(found.header().time()))
        .replace("$bits", "%08x".formatted(versionBits))
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
