package org.adit.accounting.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import org.adit.accounting.ledger.Entry;

/**
 * Chains ledger entries: {@code sha256(previous || canonical bytes)}. Canonical bytes are the key
 * and each line {@code account=amount}, each followed by a line feed, in account order, as UTF-8. A
 * changed or removed entry changes every hash after it.
 */
public final class EntryChain {
  private EntryChain() {}

  /** Hash before the first entry: 32 zero bytes. */
  public static byte[] start() {
    return new byte[32];
  }

  /** Hash after an entry. */
  public static byte[] next(byte[] previous, Entry entry) {
    StringBuilder text = new StringBuilder(entry.key()).append('\n');
    for (Map.Entry<String, Long> line : entry.lines().entrySet()) {
      text.append(line.getKey()).append('=').append(line.getValue()).append('\n');
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(previous);
      return digest.digest(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
