package org.adit.accounting;

import java.nio.file.Path;

/** Lives the script until a named write, and is dead at once there: no hook, no buffer, no lock. */
final class CrashPointsChild {
  /** Exit code of a life that ended at its point. */
  static final int DIED = 77;

  private CrashPointsChild() {}

  public static void main(String[] args) throws Exception {
    String end = args[1];
    new ScriptedPool(
            Path.of(args[0]),
            point -> {
              if (point.equals(end)) {
                Runtime.getRuntime().halt(DIED);
              }
            })
        .live();
  }
}
