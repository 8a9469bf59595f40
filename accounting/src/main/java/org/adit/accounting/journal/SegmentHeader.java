package org.adit.accounting.journal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * First 128 bytes of a segment: magic 8, version 4, record size 4, first sequence 8, capacity in
 * records 4, CRC32C of these 28 bytes 4, zeros.
 */
record SegmentHeader(long firstSequence, int capacity) {
  static final int BYTES = RecordCodec.RECORD_BYTES;
  private static final long MAGIC = 0x4144_4954_5348_5253L; // "ADITSHRS"
  private static final int VERSION = 1;
  private static final int CRC = 28;

  ByteBuffer encode() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    buffer.putLong(MAGIC).putInt(VERSION).putInt(RecordCodec.RECORD_BYTES);
    buffer.putLong(firstSequence).putInt(capacity).putInt(checksum(buffer));
    return buffer.clear();
  }

  static SegmentHeader parse(Path file, ByteBuffer buffer) throws JournalException {
    if (buffer.remaining() < BYTES || buffer.getLong(0) != MAGIC) {
      throw new JournalException(file + " is not a share journal segment (bad magic at offset 0)");
    }
    if (buffer.getInt(CRC) != checksum(buffer)) {
      throw new JournalException(
          file + " has a damaged header (checksum at offset 28); restore it from a backup");
    }
    int version = buffer.getInt(8);
    if (version != VERSION || buffer.getInt(12) != RecordCodec.RECORD_BYTES) {
      throw new JournalException(
          file
              + " has format version "
              + version
              + " (expected: "
              + VERSION
              + "); it was written by another version of the program");
    }
    return new SegmentHeader(buffer.getLong(16), buffer.getInt(24));
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(0, CRC));
    return (int) crc.getValue();
  }
}
