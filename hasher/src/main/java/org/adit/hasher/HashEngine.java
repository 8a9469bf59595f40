package org.adit.hasher;

/**
 * One way of computing SHA-256d, chosen once and shared by all threads. Engines differ in speed,
 * never in results.
 */
public interface HashEngine {
  /**
   * The name {@link HashEngines#named} and {@code -Dadit.hasher} know it by, such as {@code
   * "message-digest"}.
   */
  String name();

  /** Makes a scanner for the calling thread's own use. */
  HeaderScanner newScanner();
}
