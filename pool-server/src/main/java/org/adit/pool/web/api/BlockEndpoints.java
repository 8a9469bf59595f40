package org.adit.pool.web.api;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.proof.AccountProof;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.proof.SumTree;
import org.adit.accounting.proof.WeightUnit;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.CreditRow;
import org.adit.accounting.store.EntryTime;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Hash256;
import org.adit.pool.blocks.BlockEvents;
import org.adit.pool.blocks.BlockTimeline;
import org.adit.pool.blocks.BlockTimelines;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Blocks, what became of them, and who was paid for them. */
final class BlockEndpoints {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final long ATTEMPTS_MILLIS = 5_000;
  private static final int MOST_ATTEMPTS = 100;
  private static final int MOST_CREDITS = 1_000;

  private final PoolView pool;
  private final BlockLog blocks;
  private final BlockShapes shapes;
  private final Clock clock;
  private final NodeQuestions node;
  private final Cached<List<ObjectNode>> attempts;
  private final Cached<List<ObjectNode>> attemptsForAll;

  BlockEndpoints(
      PoolView pool, BlockLog blocks, BlockShapes shapes, NodeQuestions node, Clock clock) {
    this.pool = pool;
    this.blocks = blocks;
    this.shapes = shapes;
    this.clock = clock;
    this.node = node;
    this.attempts = new Cached<>(clock, ATTEMPTS_MILLIS, () -> readAttempts(true));
    this.attemptsForAll = new Cached<>(clock, ATTEMPTS_MILLIS, () -> readAttempts(false));
  }

  JsonNode list(Call call) throws Exception {
    shapes.refresh();
    Set<BlockState> states = states(call);
    long from = call.number("from_ms", 0, 0, Long.MAX_VALUE);
    long to = call.number("to_ms", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    List<BlockRow> rows = new ArrayList<>();
    Map<BlockState, Integer> counts = new HashMap<>();
    for (BlockRow block : blocks.get()) {
      long found = block.foundAt().toEpochMilli();
      if (found >= from && found < to) {
        counts.merge(block.state(), 1, Integer::sum);
        if (states.contains(block.state())) {
          rows.add(block);
        }
      }
    }
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(clock.millis());
    node.put("total", rows.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ObjectNode sums = node.putObject("counts");
    for (BlockState state : BlockState.values()) {
      sums.put(BlockShapes.state(state), counts.getOrDefault(state, 0));
    }
    sums.put("attempts_refused", attempts.get().size());
    ArrayNode items = node.putArray("items");
    rows.stream()
        .skip(page.offset())
        .limit(page.limit())
        .forEach(block -> items.add(shapes.line(block, call.seesAll())));
    return node;
  }

  private static Set<BlockState> states(Call call) throws HttpException {
    String text = call.request().parameter("state").orElse("");
    if (text.isEmpty() || text.equals("all")) {
      return EnumSet.allOf(BlockState.class);
    }
    Set<BlockState> states = EnumSet.noneOf(BlockState.class);
    for (String part : text.split(",", -1)) {
      try {
        states.add(BlockState.valueOf(part.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new HttpException(
            400, "state is unknown (expected: immature, mature, orphaned, or some of them)");
      }
    }
    return states;
  }

  JsonNode detail(Call call) throws Exception {
    shapes.refresh();
    BlockRow block = find(call);
    ObjectNode node = Json.asOf(clock.millis());
    node.set("block", shapes.line(block, call.seesAll()));
    node.put("bits", CompactBits.format(block.netBits()));
    node.put("difficulty", Shapes.difficultyOf(block.netBits()));
    node.put("winner_sequence", block.winnerSequence());
    node.put("coinbase_txid", this.node.coinbase(block.hash()).orElse(null));
    timeline(node.putArray("timeline"), block, call.seesAll());
    BlockRow.WindowRow window = block.window();
    if (window == null) {
      node.putNull("window");
    } else {
      node.putObject("window")
          .put("first_sequence", window.firstSequence())
          .put("end_sequence", window.endSequence())
          .put("size", Reals.of(window.size()))
          .put("filled", Reals.of(window.filled()))
          .put("unit", WeightUnit.of(block.scheme()) == WeightUnit.BLOCK_2_64 ? "units" : "work");
    }
    SumNode root = pool.accounting().proofRoot(block.hash()).orElse(null);
    if (root == null) {
      node.putNull("proof_root");
    } else {
      put(node.putObject("proof_root"), root);
    }
    List<CreditRow> credits = pool.accounting().credits(block.hash());
    ArrayNode list = node.putArray("credits");
    if (call.seesAll()) {
      credits.stream()
          .sorted(Comparator.comparingLong((CreditRow row) -> row.amounts().totalSat()).reversed())
          .limit(MOST_CREDITS)
          .forEach(credit -> list.add(credit(credit, block)));
    }
    node.put("credits_total", credits.size());
    return node;
  }

  static ObjectNode credit(CreditRow credit, BlockRow block) {
    long reward = block.reward().totalSat();
    return Json.object()
        .put("account", credit.worker().account())
        .put("worker", credit.worker().worker())
        .put("weight", Reals.of(credit.weight()))
        .put("part", reward == 0 ? 0 : (double) credit.amounts().totalSat() / reward)
        .put("subsidy_sat", credit.amounts().subsidySat())
        .put("fees_sat", credit.amounts().feesSat())
        .put("amount_sat", credit.amounts().totalSat());
  }

  private BlockRow find(Call call) throws HttpException {
    return pool.accounting()
        .block(hash(call))
        .orElseThrow(() -> new HttpException(404, "the pool has no such block"));
  }

  static Hash256 hash(Call call) throws HttpException {
    try {
      return Hash256.ofDisplayHex(call.path("hash"));
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "the block's hash is not one (expected: 64 hex digits)");
    }
  }

  /** What was noted of it; of blocks from before such notes, when the ledger was posted to. */
  private void timeline(ArrayNode list, BlockRow block, boolean seesAll) throws IOException {
    if (noted(list, block.hash(), seesAll)) {
      return;
    }
    event(list, block.foundAt().toEpochMilli(), "found", "", "");
    for (EntryTime entry : pool.accounting().blockTimes(block.hash())) {
      String[] parts = entry.key().split(":", -1);
      long at = entry.at().toEpochMilli();
      switch (parts.length < 3 ? "" : parts[2]) {
        case "found" -> event(list, at, "booked", "", "");
        case "orphaned" -> event(list, at, "orphaned", "", "");
        case "reconnected" -> event(list, at, "confirmed", "", "it is in the chain again");
        case "matured" -> event(list, at, "mature", "", "");
        default -> {
          // Snapshots are bookkeeping, not something that happened to the block.
        }
      }
    }
  }

  private boolean noted(ArrayNode list, Hash256 hash, boolean seesAll) throws IOException {
    Optional<BlockTimeline> noted =
        BlockTimelines.read(pool.config().dataDir().resolve("candidates"), hash);
    if (noted.isEmpty()) {
      return false;
    }
    for (BlockTimeline.Moment moment : noted.get().moments()) {
      event(
          list,
          moment.at().toEpochMilli(),
          moment.kind().name().toLowerCase(Locale.ROOT),
          moment.node(),
          // The first note names the finder.
          seesAll || moment.kind() != BlockEvents.Kind.FOUND ? moment.text() : "");
    }
    return true;
  }

  private static void event(ArrayNode list, long atMillis, String kind, String node, String text) {
    list.addObject()
        .put("at_ms", atMillis)
        .put("kind", kind)
        .put("node", node.isEmpty() ? null : node)
        .put("text", text);
  }

  JsonNode attempts(Call call) throws Exception {
    ObjectNode node = Json.object();
    ArrayNode items = node.putArray("items");
    (call.seesAll() ? attempts : attemptsForAll).get().forEach(items::add);
    return node;
  }

  /** Candidates the node refused stay in their folder, see CandidateFiles. */
  private List<ObjectNode> readAttempts(boolean seesAll) throws IOException {
    Path folder = pool.config().dataDir().resolve("candidates").resolve("rejected");
    List<ObjectNode> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.json")) {
      all.forEach(files::add);
    }
    files.sort(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed());
    for (Path file : files.subList(0, Math.min(MOST_ATTEMPTS, files.size()))) {
      JsonNode kept = JSON.readTree(Files.readAllBytes(file));
      String hash = kept.path("hash").asString("");
      ObjectNode attempt =
          Json.object()
              .put("hash", hash)
              .put("height", kept.path("height").asInt(0))
              .put("at_ms", kept.path("share").path("time_millis").asLong(0))
              .put("subsidy_sat", kept.path("subsidy_sat").asLong(0))
              .put("fees_sat", kept.path("fees_sat").asLong(0));
      ArrayNode timeline = attempt.putArray("timeline");
      if (hash.matches("[0-9a-f]{64}")) {
        noted(timeline, Hash256.ofDisplayHex(hash), seesAll);
      }
      found.add(attempt);
    }
    return found;
  }

  JsonNode proof(Call call) throws Exception {
    AccountProof proof =
        pool.accounting()
            .proof(hash(call), call.path("account"))
            .orElseThrow(() ->
                new HttpException(
                    404, "there is no such block, it has no root, or it paid the account nothing"));
    ObjectNode node = Json.object();
    node.put("format", "adit-sum-proof/1");
    node.put("block", proof.block());
    node.put("height", proof.height());
    node.put("account", proof.account());
    node.put("nonce", proof.nonceHex());
    node.put("weight", proof.weight().toString());
    node.put("weight_unit", proof.weightUnit());
    node.put("sat", proof.amountSat());
    ArrayNode steps = node.putArray("steps");
    for (SumTree.Step step : proof.steps()) {
      put(steps.addObject().put("side", step.onTheRight() ? "R" : "L"), step.sibling());
    }
    put(node.putObject("root"), proof.root());
    return node;
  }

  private static void put(ObjectNode node, SumNode sums) {
    node.put("hash", sums.hashHex());
    node.put("weight", sums.weight().toString());
    node.put("sat", sums.amountSat());
  }
}
