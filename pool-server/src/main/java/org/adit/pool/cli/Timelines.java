package org.adit.pool.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adit.hasher.Hash256;
import org.adit.pool.blocks.BlockTimeline;
import org.adit.pool.blocks.BlockTimelines;
import org.adit.pool.blocks.CandidateFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit blocks --timeline}: what happened to one block. */
final class Timelines {
  private Timelines() {}

  private record Moment(Instant at, String event, String node, String text) {}

  static void show(PoolSource source, String text, Output output, boolean asJson) throws Exception {
    Hash256 hash;
    try {
      hash = Hash256.ofDisplayHex(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(2, "--timeline: " + e.getMessage());
    }
    List<Moment> moments =
        source.read(api -> ofPool(api, hash), (folder, config) -> ofFolder(folder, hash), null);
    if (moments.isEmpty()) {
      throw new CommandFailure(
          1,
          "nothing is noted about block "
              + hash.toDisplayHex()
              + "; it is not of this pool, or long ago");
    }
    if (asJson) {
      output.print(json(hash, moments));
    } else {
      output.print(table(moments), "");
    }
  }

  private static List<Moment> ofFolder(Path folder, Hash256 hash) throws Exception {
    Optional<BlockTimeline> noted = BlockTimelines.read(CandidateFiles.in(folder), hash);
    List<Moment> moments = new ArrayList<>();
    for (BlockTimeline.Moment moment : noted.map(BlockTimeline::moments).orElse(List.of())) {
      moments.add(
          new Moment(
              // As the API tells it.
              moment.at().truncatedTo(ChronoUnit.MILLIS),
              moment.kind().name().toLowerCase(Locale.ROOT),
              moment.node(),
              moment.text()));
    }
    return moments;
  }

  private static List<Moment> ofPool(PoolApi api, Hash256 hash) throws Exception {
    List<Moment> moments = new ArrayList<>();
    Optional<JsonNode> block = api.find("/blocks/" + hash.toDisplayHex());
    if (block.isPresent()) {
      for (JsonNode event : block.get().path("timeline")) {
        moments.add(
            new Moment(
                Instant.ofEpochMilli(event.path("at_ms").asLong(0)),
                event.path("kind").asString(""),
                event.path("node").asString(""),
                event.path("text").asString("")));
      }
    }
    return moments;
  }

  private static long millis(List<Moment> moments, Moment moment) {
    return Duration.between(moments.getFirst().at(), moment.at()).toMillis();
  }

  private static ObjectNode json(Hash256 hash, List<Moment> moments) {
    ObjectNode object = Output.newObject().put("hash", hash.toDisplayHex());
    ArrayNode list = object.putArray("moments");
    for (Moment moment : moments) {
      list.addObject()
          .put("at", moment.at().toString())
          .put("millis", millis(moments, moment))
          .put("event", moment.event())
          .put("node", moment.node())
          .put("text", moment.text());
    }
    return object;
  }

  private static Table table(List<Moment> moments) {
    Table table = new Table("AT (UTC)", ">AFTER MS", "EVENT", "NODE", "").flowing();
    for (Moment moment : moments) {
      table.row(
          Figures.time(moment.at()),
          millis(moments, moment),
          moment.event().replace('_', ' '),
          moment.node(),
          moment.text());
    }
    return table;
  }
}
