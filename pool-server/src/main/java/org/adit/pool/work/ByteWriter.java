package org.adit.pool.work;

import java.util.Arrays;

/** Growing little-endian byte buffer for Bitcoin's serialisation. Not thread-safe. */
final class ByteWriter {
  private byte[] buffer;
  private int size;

  ByteWriter(int expectedBytes) {
    buffer = new byte[Math.max(16, expectedBytes)];
  }

  ByteWriter bytes(byte[] value) {
    return bytes(value, 0, value.length);
  }

  ByteWriter bytes(byte[] value, int offset, int length) {
    ensure(length);
    System.arraycopy(value, offset, buffer, size, length);
    size += length;
    return this;
  }

  ByteWriter fill(int value, int count) {
    ensure(count);
    Arrays.fill(buffer, size, size + count, (byte) value);
    size += count;
    return this;
  }

  ByteWriter u8(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
    return this;
  }

  ByteWriter le32(int value) {
    return u8(value).u8(value >>> 8).u8(value >>> 16).u8(value >>> 24);
  }

  ByteWriter le64(long value) {
    return le32((int) value).le32((int) (value >>> 32));
  }

  /** Bitcoin's compact size for counts and lengths below 2^31. */
  ByteWriter compactSize(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("compact size is " + value + " (expected: >= 0)");
    }
    if (value < 0xfd) {
      return u8(value);
    }
    if (value <= 0xffff) {
      return u8(0xfd).u8(value).u8(value >>> 8);
    }
    return u8(0xfe).le32(value);
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(size, more)));
    }
  }
}
