package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutState;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a pool process with SIGKILL at random moments, again and again on one data folder, while it
 * takes shares, books blocks, and makes, sends, raises and cancels payouts. {@code
 * -Dadit.crash.kills=200} for a long run, {@code -Dadit.crash.seed} for another one.
 */
class CrashTest {
  private static final Logger LOG = LoggerFactory.getLogger(CrashTest.class);
  private static final int ROUNDS = Integer.getInteger("adit.crash.kills", 6);
  private static final long SEED = Long.getLong("adit.crash.seed", 20_260_101L);

  @TempDir Path dir;

  private final Map<Long, Long> acknowledged = new HashMap<>();
  private final List<Hash256> blocks = new ArrayList<>();
  private int payouts;
  private int cancelled;
  private final List<String> complaints = new ArrayList<>();

  @Test
  void nothingAcknowledgedIsLostAndBalancesReplayToTheSatoshi() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      crash(round, random);
      check(round);
      LOG.info(
          "{} kills: {} shares acknowledged, {} blocks, {} payouts paid, {} cancelled; nothing lost,"
              + " nothing paid twice",
          round + 1,
          acknowledged.size(),
          blocks.size(),
          payouts,
          cancelled);
    }
    assertThat(complaints).isEmpty();
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 100);
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(ROUNDS / 2);
    assertThat(payouts).isPositive();
  }

  private void crash(int round, SplittableRandom random) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                dir.toString(),
                Long.toString(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
      String ready = lines.readLine();
      assertThat(ready).isEqualTo("READY " + child.pid());
      if (round == 0) {
        aSecondOwnerIsRefused(child.pid());
      }
      int before = random.nextInt(5_000);
      for (int i = 0; i < before; i++) {
        note(lines.readLine());
      }
      // Every second life is long enough to settle some blocks.
      int enough = round % 2 == 0 ? blocks.size() + random.nextInt(1, 12) : 0;
      while (blocks.size() < enough) {
        note(lines.readLine());
      }
      // Somewhere within a group, a fold or a posting, whatever runs at that moment.
      child.waitFor(random.nextInt(30_000), TimeUnit.MICROSECONDS);
      // By its handle: Process.destroyForcibly would also close the pipe with the last lines in it.
      child.toHandle().destroyForcibly();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private void aSecondOwnerIsRefused(long pid) {
    assertThatThrownBy(
            () -> PoolAccounting.open(dir, CrashChild.SETTINGS, Clock.systemUTC()).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("process " + pid);
    try (AccountingReader reader = AccountingReader.open(dir)) {
      assertThat(reader.ledger().values().stream().mapToLong(Long::longValue).sum()).isZero();
    }
  }

  private void note(@Nullable String line) throws IOException {
    if (line == null) {
      throw new IOException("the child ended by itself");
    }
    String[] words = line.split(" ", -1);
    // The last line may be cut by the kill; a whole one ends in a dot.
    if (words[0].equals("A") && words.length == 4) {
      acknowledged.put(Long.valueOf(words[1]), Long.valueOf(words[2]));
    } else if (words[0].equals("B") && words.length == 2 && words[1].length() == 64) {
      blocks.add(Hash256.ofDisplayHex(words[1]));
    } else if (words[0].equals("NOT") || words[0].equals("REFUSED")) {
      complaints.add(line);
    }
  }

  private void check(int round) throws IOException {
    try (PoolAccounting pool = PoolAccounting.open(dir, CrashChild.SETTINGS, Clock.systemUTC())) {
      long last = pool.shares().lastDurableSequence();
      try (JournalReader journal =
          new JournalReader(dir.resolve("journal"), JournalDisk.SYSTEM, () -> last)) {
        for (long sequence = 1; sequence <= last; sequence++) {
          assertThat(journal.seek(sequence)).isTrue();
          Long job = acknowledged.get(sequence);
          if (job != null) {
            assertThat(journal.share().jobId()).as("share %d", sequence).isEqualTo(job);
          }
        }
      }
      assertThat(acknowledged.keySet()).as("round %d", round).allMatch(seq -> seq <= last);
      for (Hash256 block : blocks) {
        assertThat(pool.block(block)).as("block %s", block).isPresent();
      }
      assertThat(pool.checkInvariants().broken()).isEmpty();
      checkPayouts(pool);
      try (Stream<Path> left = Files.list(dir)) {
        assertThat(left).noneMatch(file -> file.toString().endsWith(".part"));
      }
      ReplayReport report = pool.replay();
      assertThat(report.differences()).isEmpty();
      assertThat(report.shares()).isEqualTo(last);
      assertThat(report.blocks()).isGreaterThanOrEqualTo(blocks.size());
    }
  }

  /** Nothing was sent before it was stored, and no payout has paid twice. */
  private void checkPayouts(PoolAccounting pool) throws IOException {
    Map<String, PayoutRow> payoutOf = new HashMap<>();
    for (PayoutRow payout : pool.payouts().newest(Integer.MAX_VALUE)) {
      payout.attempts().forEach(attempt -> payoutOf.put(attempt.txid(), payout));
    }
    List<CrashPayer.Sent> sent = CrashPayer.read(dir.resolve("chain.txt"));
    assertThat(sent).allMatch(one -> payoutOf.containsKey(one.txid()));
    Map<String, Integer> paid = new HashMap<>();
    for (CrashPayer.Sent one : CrashPayer.confirmed(sent).values()) {
      PayoutRow payout = Objects.requireNonNull(payoutOf.get(one.txid()));
      paid.merge(payout.id(), 1, Integer::sum);
      assertThat(payout.outputSat()).isEqualTo(one.sat());
      payout.confirmed().ifPresent(known -> assertThat(known.txid()).isEqualTo(one.txid()));
    }
    assertThat(paid.values()).allMatch(times -> times == 1);
    Set<String> given = new HashSet<>();
    for (PayoutRow payout : payoutOf.values()) {
      if (payout.state() == PayoutState.FAILED) {
        assertThat(paid).as("cancelled ones are not paid").doesNotContainKey(payout.id());
        given.add(payout.id());
      }
    }
    cancelled = given.size();
    payouts = Math.max(payouts, paid.size());
  }
}
