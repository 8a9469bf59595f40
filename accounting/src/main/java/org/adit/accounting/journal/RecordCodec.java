package org.adit.accounting.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The 128 bytes of a journal record, big-endian: sequence 8, time 8, worker 4, network bits 4, work
 * 8, flags 4, job 8, header 80, CRC32C of all before 4.
 *
 * <p>The upper 16 bits of the flags word hold the record's place in its group commit. A group is
 * written only after the one before it was forced, so a good record at place {@code p} with group
 * index {@code i} proves that everything before {@code p - i} had been forced. Recovery tells a
 * torn tail from damage by that.
 */
final class RecordCodec {
  static final int RECORD_BYTES = 128;
  static final int MAX_GROUP = 1 << 16;

  private static final int TIME = 8;
  private static final int WORKER = 16;
  private static final int NET_BITS = 20;
  private static final int WORK = 24;
  private static final int FLAGS = 32;
  private static final int JOB = 36;
  private static final int HEADER = 44;
  private static final int CRC = 124;

  /** Not thread-safe; one per user. */
  private final CRC32C crc = new CRC32C();

  void encode(ByteBuffer target, int offset, long sequence, ShareRecord share, int groupIndex) {
    target.putLong(offset, sequence);
    target.putLong(offset + TIME, share.timeMillis());
    target.putInt(offset + WORKER, share.workerId());
    target.putInt(offset + NET_BITS, share.netBits());
    target.putLong(offset + WORK, share.work());
    target.putInt(offset + FLAGS, (groupIndex << 16) | share.flags());
    target.putLong(offset + JOB, share.jobId());
    target.put(offset + HEADER, share.header80());
    target.putInt(offset + CRC, checksum(target, offset));
  }

  /** Whether a whole, undamaged record with that sequence stands at the offset. */
  boolean isGood(ByteBuffer source, int offset, long sequence) {
    return source.getLong(offset) == sequence
        && source.getInt(offset + CRC) == checksum(source, offset);
  }

  private int checksum(ByteBuffer buffer, int offset) {
    crc.reset();
    crc.update(buffer.slice(offset, CRC));
    return (int) crc.getValue();
  }

  static long sequence(ByteBuffer source, int offset) {
    return source.getLong(offset);
  }

  static long timeMillis(ByteBuffer source, int offset) {
    return source.getLong(offset + TIME);
  }

  static int workerId(ByteBuffer source, int offset) {
    return source.getInt(offset + WORKER);
  }

  static int netBits(ByteBuffer source, int offset) {
    return source.getInt(offset + NET_BITS);
  }

  static long work(ByteBuffer source, int offset) {
    return source.getLong(offset + WORK);
  }

  static int flags(ByteBuffer source, int offset) {
    return source.getInt(offset + FLAGS) & 0xffff;
  }

  static int groupIndex(ByteBuffer source, int offset) {
    return source.getInt(offset + FLAGS) >>> 16;
  }

  static ShareRecord decode(ByteBuffer source, int offset) {
    byte[] header = new byte[ShareRecord.HEADER_BYTES];
    source.get(offset + HEADER, header);
    return new ShareRecord(
        timeMillis(source, offset),
        workerId(source, offset),
        netBits(source, offset),
        work(source, offset),
        flags(source, offset),
        source.getLong(offset + JOB),
        header);
  }
}
