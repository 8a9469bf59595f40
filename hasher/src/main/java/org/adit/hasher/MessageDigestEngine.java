package org.adit.hasher;

/**
 * SHA-256d by the JDK's {@link java.security.MessageDigest}, which HotSpot compiles to the CPU's
 * SHA instructions where it has them. Needs no warm-up and no module: the engine that is always
 * there, and the one others are checked by.
 */
final class MessageDigestEngine implements HashEngine {
  static final String NAME = "message-digest";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public HeaderScanner newScanner() {
    return new MessageDigestScanner();
  }
}
