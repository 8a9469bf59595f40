package org.adit.accounting.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.adit.accounting.journal.JournalRig.FaultyDisk;
import org.adit.accounting.journal.JournalRig.FaultyDisk.Tear;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Sha256d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShareJournalTest {
  private static final int RECORD = 128;

  @TempDir Path folder;

  private ShareJournal open() throws IOException {
    return ShareJournal.open(folder, JournalRig.SMALL, JournalDisk.SYSTEM);
  }

  private Path segment(long first) {
    return Segments.fileOf(folder, first);
  }

  private List<ShareRecord> write(long seed, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<ShareRecord> shares = JournalRig.shares(random, count);
    try (ShareJournal journal = open()) {
      JournalRig.append(journal, random, shares);
    }
    return shares;
  }

  private static void overwrite(Path file, long position, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), position);
    }
  }

  private static void flipBit(Path file, long position) throws IOException {
    byte[] all = Files.readAllBytes(file);
    overwrite(file, position, new byte[] {(byte) (all[(int) position] ^ 1)});
  }

  private static long positionOf(long sequenceInSegment) {
    return sequenceInSegment * RECORD;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 500})
  void whatWasWrittenIsReadBackForwardsAndBackwards(int count) throws IOException {
    List<ShareRecord> shares = write(count, count);
    try (ShareJournal journal = open();
        JournalReader reader =
            new JournalReader(folder, JournalDisk.SYSTEM, journal::lastSequence)) {
      assertThat(journal.lastSequence()).isEqualTo(count);
      for (int i = 1; i <= count; i++) {
        assertThat(reader.seek(i)).isTrue();
        assertThat(reader.sequence()).isEqualTo(i);
        assertThat(reader.share()).isEqualTo(shares.get(i - 1));
      }
      assertThat(reader.seek(count + 1)).isFalse();
      for (int i = count; i >= 1; i--) {
        assertThat(reader.seek(i)).isTrue();
        assertThat(reader.share()).isEqualTo(shares.get(i - 1));
      }
      assertThat(reader.seek(0)).isFalse();
    }
  }

  /** Headers of ordinary shares give way to their hash; candidates keep theirs. */
  @Test
  void withoutEvidenceASharesHashIsKeptAndACandidatesHeader() throws IOException {
    SplittableRandom random = new SplittableRandom(77);
    List<ShareRecord> shares = new ArrayList<>(JournalRig.shares(random, 90));
    ShareRecord plain = shares.get(3);
    byte[] header = plain.header80();
    shares.set(
        4,
        new ShareRecord(
            1, 2, 0x1d00ffff, 3, ShareRecord.BLOCK, 4, JournalRig.share(random).header80()));
    shares.set(
        5,
        new ShareRecord(
            1, 2, 0x1d00ffff, 0, ShareRecord.MARKER, 4, JournalRig.share(random).header80()));
    try (ShareJournal journal =
        ShareJournal.open(folder, JournalRig.SMALL.withEvidence(false), JournalDisk.SYSTEM)) {
      JournalRig.append(journal, random, shares);
    }
    // The setting holds for shares to come; what is there stays as it is.
    ShareRecord later = JournalRig.share(random);
    try (ShareJournal journal = ShareJournal.open(folder, JournalRig.SMALL, JournalDisk.SYSTEM)) {
      assertThat(journal.lastSequence()).isEqualTo(90);
      journal.append(List.of(later));
    }
    List<ShareRecord> read = JournalRig.readAll(folder, 91);
    assertThat(read.get(90)).isEqualTo(later);
    assertThat(read.get(4)).isEqualTo(shares.get(4));
    assertThat(read.get(5)).isEqualTo(shares.get(5));
    ShareRecord kept = read.get(3);
    assertThat(kept.isDigest()).isTrue();
    assertThat(kept.hash()).isEqualTo(Sha256d.hashHeader(header)).isEqualTo(plain.hash());
    assertThat(kept.previous())
        .isEqualTo(BlockHeader.parse(header).previous())
        .isEqualTo(plain.previous());
    assertThat(kept.header80()).endsWith(new byte[16]).isNotEqualTo(header);
    assertThat(kept.digest()).isSameAs(kept);
    assertThat(kept.work()).isEqualTo(plain.work());
    for (int i = 0; i < 90; i++) {
      assertThat(read.get(i).hash()).isEqualTo(shares.get(i).hash());
    }
  }

  @Test
  void sequencesGoOnAfterReopening() throws IOException {
    List<ShareRecord> all = new ArrayList<>();
    for (int round = 0; round < 8; round++) {
      all.addAll(write(round, 23));
    }
    assertThat(JournalRig.readAll(folder, all.size())).isEqualTo(all);
  }

  @Test
  void segmentsAreReservedOnDiskBeforeTheyAreUsed() throws IOException {
    write(1, 1);
    assertThat(segment(1)).hasSize(65 * RECORD);
  }

  @Test
  void aTornTailIsCutAtTheLastGoodRecord() throws IOException {
    List<ShareRecord> shares = write(1, 10);
    byte[] half = new byte[50];
    new SplittableRandom(7).nextBytes(half);
    overwrite(segment(1), positionOf(11), half);
    try (ShareJournal journal = open()) {
      assertThat(journal.lastSequence()).isEqualTo(10);
      journal.append(shares.subList(0, 3));
    }
    assertThat(JournalRig.readAll(folder, 13).subList(0, 10)).isEqualTo(shares);
  }

  /** Pages of one group may reach the disk in any order; none of it was acknowledged. */
  @Test
  void aGroupThatReachedTheDiskOutOfOrderIsCutAsAWhole() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    List<ShareRecord> shares = JournalRig.shares(random, 16);
    try (ShareJournal journal = open()) {
      journal.append(shares.subList(0, 4));
      journal.append(shares.subList(4, 16));
    }
    flipBit(segment(1), positionOf(7) + 60);
    try (ShareJournal journal = open()) {
      assertThat(journal.lastSequence()).isEqualTo(6);
      journal.append(shares.subList(0, 2));
    }
    try (ShareJournal journal = open()) {
      // What stood behind the cut must not come back to life.
      assertThat(journal.lastSequence()).isEqualTo(8);
    }
  }

  @Test
  void damageInFrontOfForcedGroupsIsAnErrorWithFileAndOffset() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    try (ShareJournal journal = open()) {
      for (int i = 0; i < 10; i++) {
        journal.append(JournalRig.shares(random, 2));
      }
    }
    flipBit(segment(1), positionOf(7) + 60);
    byte[] before = Files.readAllBytes(segment(1));
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(segment(1).toString())
        .hasMessageContaining("offset " + positionOf(7));
    assertThat(Files.readAllBytes(segment(1))).isEqualTo(before);
  }

  @Test
  void damageInAnOlderSegmentIsFoundWhenItIsRead() throws IOException {
    write(4, 200);
    flipBit(segment(65), positionOf(5) + 3);
    try (ShareJournal journal = open();
        JournalReader reader =
            new JournalReader(folder, JournalDisk.SYSTEM, journal::lastSequence)) {
      assertThat(reader.seek(68)).isTrue();
      assertThatThrownBy(() -> reader.seek(69))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining(segment(65).toString())
          .hasMessageContaining("offset " + positionOf(5));
    }
  }

  @Test
  void aMissingOrCutOrForeignSegmentIsAnError() throws IOException {
    write(5, 200);
    byte[] second = Files.readAllBytes(segment(65));
    Files.delete(segment(65));
    assertThatThrownBy(this::open).hasMessageContaining(segment(65) + " is missing");
    Files.write(segment(65), java.util.Arrays.copyOf(second, second.length - 1));
    assertThatThrownBy(this::open).hasMessageContaining("it was cut");
    second[0] ^= 1;
    Files.write(segment(65), second);
    assertThatThrownBy(this::open).hasMessageContaining("bad magic");
    second[0] ^= 1;
    second[20] ^= 1;
    Files.write(segment(65), second);
    assertThatThrownBy(this::open).hasMessageContaining("damaged header");
  }

  @Test
  void anEmptyLastSegmentDemandsAFullOneBefore() throws IOException {
    write(6, 64);
    SegmentHeader header = new SegmentHeader(65, 64);
    Segments.createSpare(JournalDisk.SYSTEM, folder, header).close();
    JournalDisk.SYSTEM.publish(Segments.spareOf(folder), segment(65));
    try (ShareJournal journal = open()) {
      assertThat(journal.lastSequence()).isEqualTo(64);
    }
    flipBit(segment(1), positionOf(64) + 9);
    assertThatThrownBy(this::open).isInstanceOf(JournalException.class);
  }

  @Test
  void aSecondOwnerIsRefused() throws IOException {
    try (ShareJournal first = open()) {
      assertThat(first.lastSequence()).isZero();
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by this very process");
    }
    open().close();
  }

  /**
   * Fails every single disk operation in turn: appended groups stay, the failed one leaves no
   * trace.
   */
  @ParameterizedTest
  @EnumSource(Tear.class)
  void aFailureAtAnyOperationIsRepairedWithoutHoleOrHalfRecord(Tear tear) throws IOException {
    int operations = 1;
    for (int failing = 0; failing < operations || operations == 1; failing++) {
      Path run = Files.createDirectory(folder.resolve("run" + failing));
      FaultyDisk disk = new FaultyDisk(tear);
      SplittableRandom random = new SplittableRandom(failing);
      List<ShareRecord> kept = new ArrayList<>();
      try (ShareJournal journal = ShareJournal.open(run, JournalRig.SMALL, disk)) {
        disk.failBetween(disk.operations.get() + failing, disk.operations.get() + failing + 2);
        while (kept.size() < 150) {
          appendOrRepair(journal, random, kept);
        }
        operations = disk.operations.get();
        assertThat(journal.lastSequence()).isEqualTo(kept.size());
      }
      assertThat(JournalRig.readAll(run, kept.size())).isEqualTo(kept);
      try (ShareJournal again = ShareJournal.open(run, JournalRig.SMALL, JournalDisk.SYSTEM)) {
        assertThat(again.lastSequence()).isEqualTo(kept.size());
      }
    }
    assertThat(operations).isGreaterThan(30);
  }

  private static void appendOrRepair(
      ShareJournal journal, SplittableRandom random, List<ShareRecord> kept) {
    List<ShareRecord> group = JournalRig.shares(random, random.nextInt(1, journal.room() + 1));
    try {
      journal.append(group);
      kept.addAll(group);
    } catch (IOException e) {
      assertThat(journal.isBroken()).isTrue();
      repair(journal);
    }
  }

  private static void repair(ShareJournal journal) {
    for (int attempt = 0; journal.isBroken(); attempt++) {
      assertThat(attempt).as("attempts to repair").isLessThan(5);
      try {
        journal.repair();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("injected");
      }
    }
  }
}
