package org.adit.hasher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says on which CPU figures were taken, as far as the operating system tells. */
public final class CpuFeatures {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Flags that matter for SHA-256: x86, then ARM. */
  private static final Set<String> RELEVANT =
      Set.of(
          "sse2",
          "ssse3",
          "sse4_1",
          "avx",
          "avx2",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "sha_ni",
          "asimd",
          "sha2",
          "sve",
          "sve2");

  private CpuFeatures() {}

  /** The CPU's model, its flags that matter here, the JVM; one line. */
  public static String describe() {
    String jvm = System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    String flags = String.join(" ", flags());
    return model() + (flags.isEmpty() ? "" : " [" + flags + "]") + ", " + jvm;
  }

  /** The flags that matter here, in the order of the alphabet; empty where unknown. */
  public static List<String> flags() {
    return lines("flags", "Features")
        .flatMap(line -> Arrays.stream(line.split("\\s+", -1)))
        .filter(RELEVANT::contains)
        .distinct()
        .sorted()
        .toList();
  }

  private static String model() {
    return lines("model name").findFirst().orElse(System.getProperty("os.arch"));
  }

  /** Values of the keys in the list of CPUs. Text from the system, shown only. */
  private static Stream<String> lines(String... keys) {
    if (!Files.isReadable(CPU_INFO)) {
      return Stream.of();
    }
    try {
      List<String> wanted = List.of(keys);
      return Files.readAllLines(CPU_INFO).stream()
          .map(line -> line.split(":", 2))
          .filter(parts -> parts.length == 2 && wanted.contains(parts[0].strip()))
          .map(parts -> parts[1].strip())
          .collect(Collectors.toList())
          .stream();
    } catch (IOException e) {
      // Only a description: a system that does not tell is described by its architecture.
      return Stream.of();
    }
  }
}
