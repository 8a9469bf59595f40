package org.adit.pool.cli;

import java.util.concurrent.Callable;
import org.adit.pool.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adit version}. */
@Command(
    name = "version",
    description = "Shows which Adit this is and what it runs on.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  /** Set by the launcher of an installation: what it found of the cache, a colon, its file. */
  private static final String CACHE = "adit.aot";

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean asJson;

  @Override
  public Integer call() {
    Output output = new Output(spec);
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    String java =
        "%s (%s), %s"
            .formatted(
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vendor"),
                System.getProperty("java.home"));
    String system =
        "%s %s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    if (asJson) {
      output.print(
          output
              .object()
              .put("version", Version.text())
              .put("java", java)
              .put("vector_module", vectors)
              .put("fast_start", usesCache())
              .put("fast_start_text", cache())
              .put("system", system));
      return 0;
    }
    output.line("adit " + Version.text());
    output.line("java        " + java);
    output.line(
        "vectors     "
            + (vectors
                ? "jdk.incubator.vector is there"
                : "this Java has no jdk.incubator.vector; hashing is slower"));
    output.line("fast start  " + cache());
    output.line("system      " + system);
    return 0;
  }

  private static String state() {
    String said = System.getProperty(CACHE, "source:");
    return said.substring(0, Math.max(0, said.indexOf(':')));
  }

  private static String file() {
    String said = System.getProperty(CACHE, "source:");
    return Table.printable(said.substring(said.indexOf(':') + 1));
  }

  /** A JVM that refused the cache it was given shares no classes at all. */
  private static boolean usesCache() {
    return state().equals("fits") && System.getProperty("java.vm.info", "").contains("sharing");
  }

  private static String cache() {
    return switch (state()) {
      case "fits" ->
          usesCache()
              ? "uses " + file()
              : "this Java does not take " + file() + "; adit aot makes it anew";
      case "other" -> file() + " was made for another Java or another Adit; adit aot makes it anew";
      case "foreign" -> file() + " belongs to another user and is not trusted";
      case "none" -> "no cache; adit aot makes one";
      case "off" -> "switched off by ADIT_AOT_CACHE";
      default -> "none, as this runs from the sources";
    };
  }
}
