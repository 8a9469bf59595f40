package org.adit.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what a process has used, from Linux's {@code /proc}. */
final class ProcessReader {
  // USER_HZ: 100 on every Linux; the kernel scales to it whatever its own tick is.
  private static final double TICKS_PER_SECOND = 100;

  private final Path folder;

  /**
   * @throws LoadException when there is no such process
   */
  ProcessReader(long pid) throws LoadException {
    folder = Path.of("/proc", Long.toString(pid));
    cpuSeconds();
  }

  /** Processor time since its start, user and system. */
  double cpuSeconds() throws LoadException {
    String stat = read("stat");
    // The name in parentheses may hold spaces; fields are counted behind it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Memory now in RAM. */
  long residentBytes() throws LoadException {
    return read("status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024)
        .findFirst()
        .orElse(0);
  }

  private String read(String name) throws LoadException {
    try {
      return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LoadException(
          "cannot read " + folder.resolve(name) + " (does the process of --pid run, on Linux?)");
    }
  }
}
