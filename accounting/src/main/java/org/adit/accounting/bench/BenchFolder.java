package org.adit.accounting.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder for a bench, removed at its end. */
final class BenchFolder {

  /** What is done in the folder. */
  @FunctionalInterface
  interface Work {
    void in(Path folder) throws IOException;
  }

  private BenchFolder() {}

  static void use(Work work) throws IOException {
    Path folder = Files.createTempDirectory("adit-bench");
    try {
      work.in(folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
