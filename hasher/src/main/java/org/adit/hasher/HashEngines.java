package org.adit.hasher;

import java.util.List;
import java.util.stream.Collectors;

/** Finds the engines this machine can run and chooses the best. */
public final class HashEngines {
  private static final HashEngine MESSAGE_DIGEST = new MessageDigestEngine();

  private HashEngines() {}

  /** The fastest engine here. Always the same object during the life of the process. */
  public static HashEngine best() {
    return available().getFirst();
  }

  /**
   * The engine of that name.
   *
   * @throws IllegalArgumentException if there is none here; the message lists those there are
   */
  public static HashEngine named(String name) {
    return available().stream()
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no such hash engine here (expected one of: "
                    + available().stream().map(HashEngine::name).collect(Collectors.joining(", "))
                    + ")"));
  }

  /** All engines this machine can run, fastest first; never empty. */
  public static List<HashEngine> available() {
    return List.of(MESSAGE_DIGEST);
  }
}
