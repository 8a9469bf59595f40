package org.adit.pool.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.adit.hasher.Hash256;
import org.adit.pool.blocks.BlockEvents.Kind;
import org.adit.pool.blocks.BlockTimeline.Moment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockTimelinesTest {
  private static final Hash256 BLOCK = Hash256.ofDisplayHex("0a".repeat(32));
  private static final Instant NOW = Instant.parse("2026-04-21T10:00:00.125Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void whatIsNotedIsReadInOrderAlsoByALaterRun() throws Exception {
    assertThat(BlockTimelines.read(folder, BLOCK)).isEmpty();
    try (BlockTimelines timelines = new BlockTimelines(folder, CLOCK)) {
      timelines.note(BLOCK, Kind.FOUND, "", "by \"a\nb\"");
      timelines.note(BLOCK, Kind.SENT, "node", "");
    }
    try (BlockTimelines timelines = new BlockTimelines(folder, CLOCK)) {
      timelines.note(BLOCK, Kind.TAKEN_UP, "", "");
    }
    assertThat(BlockTimelines.read(folder, BLOCK).orElseThrow())
        .isEqualTo(
            new BlockTimeline(
                BLOCK,
                List.of(
                    new Moment(NOW, Kind.FOUND, "", "by \"a\nb\""),
                    new Moment(NOW, Kind.SENT, "node", ""),
                    new Moment(NOW, Kind.TAKEN_UP, "", ""))));
    assertThat(BlockTimelines.read(folder, Hash256.ZERO)).isEmpty();
  }

  @Test
  void aTornLineIsPassedOverAndSpoilsNoOther() throws Exception {
    try (BlockTimelines timelines = new BlockTimelines(folder, CLOCK)) {
      timelines.note(BLOCK, Kind.FOUND, "", "");
    }
    Files.writeString(file(), "{\"at\":\"2026-04", StandardOpenOption.APPEND);
    try (BlockTimelines timelines = new BlockTimelines(folder, CLOCK)) {
      timelines.note(BLOCK, Kind.BOOKED, "", "");
    }
    Files.writeString(
        file(),
        "{\"at\":\"2026-04-21T10:00:00Z\",\"event\":\"unheard_of\"}\n[1]\n",
        StandardOpenOption.APPEND);
    assertThat(BlockTimelines.read(folder, BLOCK).orElseThrow().moments())
        .extracting(Moment::kind)
        .containsExactly(Kind.FOUND, Kind.BOOKED);
  }

  @Test
  void neitherOneBlockNorManyFillTheDisk() throws Exception {
    try (BlockTimelines timelines = new BlockTimelines(folder, CLOCK)) {
      for (int i = 0; i < 1_000; i++) {
        timelines.note(BLOCK, Kind.ANSWERED, "n", "x".repeat(10_000));
      }
    }
    assertThat(Files.size(file())).isBetween(60_000L, 70_000L);
    Path all = folder.resolve("timelines");
    for (int i = 0; i < 1_200; i++) {
      Files.writeString(all.resolve("%064x.jsonl".formatted(i)), "{}\n", StandardCharsets.UTF_8);
    }
    new BlockTimelines(folder, CLOCK).close();
    try (Stream<Path> files = Files.list(all)) {
      assertThat(files.count()).isEqualTo(1_000);
    }
  }

  private Path file() {
    return folder.resolve("timelines").resolve(BLOCK.toDisplayHex() + ".jsonl");
  }
}
