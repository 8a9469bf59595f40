package org.adit.pool.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adit.pool.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code adit man}: the manual page, made from the commands themselves. */
@Command(
    name = "man",
    description = "Prints the manual page (roff): adit man | man -l -",
    mixinStandardHelpOptions = true)
final class ManualCommand implements Callable<Integer> {
  /** Pages are 78 columns wide on a terminal of 80, and examples are set in by seven. */
  private static final int COLUMNS = 70;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    StringBuilder text = new StringBuilder();
    text.append(".TH ADIT 1 \"")
        .append(Version.date())
        .append("\" \"Adit ")
        .append(escaped(Version.text()))
        .append("\" \"User Commands\"\n");
    text.append(".SH NAME\nadit \\- a Bitcoin mining-pool node\n");
    text.append(".SH SYNOPSIS\n.B adit\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n");
    text.append(".SH DESCRIPTION\n");
    for (String line : root.getCommandSpec().usageMessage().description()) {
      text.append(escaped(line)).append('\n');
    }
    text.append(".SH COMMANDS\n");
    for (Map.Entry<String, CommandLine> entry : root.getSubcommands().entrySet()) {
      if (entry.getValue().getCommandSpec().usageMessage().hidden()) {
        continue;
      }
      section(text, "adit " + entry.getKey(), entry.getValue());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
    return 0;
  }

  private static void section(StringBuilder text, String name, CommandLine command) {
    text.append(".SS ").append(escaped(name)).append("\n.nf\n");
    command.setUsageHelpWidth(COLUMNS);
    String help = command.getUsageMessage(Help.Ansi.OFF);
    for (String line : help.split("\n", -1)) {
      // A line that begins with a dot or a quote would be taken as a request.
      String safe = escaped(line);
      text.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "")
          .append(safe)
          .append('\n');
    }
    text.append(".fi\n");
    for (Map.Entry<String, CommandLine> entry : command.getSubcommands().entrySet()) {
      section(text, name + " " + entry.getKey(), entry.getValue());
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
