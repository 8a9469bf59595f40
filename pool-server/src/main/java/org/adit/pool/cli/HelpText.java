package org.adit.pool.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * What the help of all commands has in common: sentences broken where the terminal ends, not where
 * the source's lines do, and in lists of commands the first sentence alone.
 */
final class HelpText {
  /**
   * The program's commands by what people come for; what is named nowhere stands in the last group.
   */
  private static final Map<String, List<String>> GROUPS = groups();

  private HelpText() {}

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("Run", List.of("demo", "pool", "mine"));
    groups.put(
        "See",
        List.of("status", "top", "workers", "worker", "explain", "blocks", "economics", "compare"));
    groups.put(
        "Money", List.of("balances", "account", "payout", "capital", "audit", "proof", "export"));
    groups.put("Operate", List.of("alert", "message", "drain", "backup", "restore", "config"));
    groups.put("Measure and check", List.of("check", "bench"));
    groups.put("This program", List.of("completion", "man", "version", "help"));
    return groups;
  }

  /** Gives a program and all its commands that help. */
  static CommandLine install(CommandLine program) {
    whole(program);
    return program.setHelpSectionMap(
        sections(program.getHelpSectionMap(), program.getCommandSpec()));
  }

  private static Map<String, CommandLine.IHelpSectionRenderer> sections(
      Map<String, CommandLine.IHelpSectionRenderer> those, CommandSpec root) {
    Map<String, CommandLine.IHelpSectionRenderer> changed = new LinkedHashMap<>(those);
    changed.put(
        UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
        help ->
            help.commandSpec().equals(root)
                ? grouped(help)
                : list(help, List.copyOf(help.subcommands().keySet())));
    changed.put(
        UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
        help ->
            help.subcommands().isEmpty() || help.commandSpec().equals(root) ? "" : "\nCommands:\n");
    return changed;
  }

  private static void whole(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.description(paragraphs(usage.description()));
    usage.footer(paragraphs(usage.footer()));
    command.getSubcommands().values().forEach(HelpText::whole);
  }

  private static String grouped(Help help) {
    List<String> rest = new ArrayList<>(help.subcommands().keySet());
    GROUPS.values().forEach(rest::removeAll);
    StringBuilder text = new StringBuilder();
    GROUPS.forEach((title, names) ->
        text.append('\n')
            .append(help.colorScheme().ansi().text("@|bold " + title + "|@"))
            .append('\n')
            .append(list(help, names)));
    if (!rest.isEmpty()) {
      text.append("\nOthers\n").append(list(help, rest));
    }
    return text.toString();
  }

  private static String list(Help help, List<String> names) {
    int width = help.subcommands().keySet().stream().mapToInt(String::length).max().orElse(0) + 4;
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(width, 2, Column.Overflow.SPAN),
            new Column(help.commandSpec().usageMessage().width() - width, 0, Column.Overflow.WRAP));
    for (String name : names) {
      Help command = help.subcommands().get(name);
      if (command != null && !command.commandSpec().usageMessage().hidden()) {
        table.addRowValues(
            help.colorScheme().commandText(name),
            help.colorScheme().text(summary(command.commandSpec())));
      }
    }
    return table.toString();
  }

  /** A command's own heading, or the first sentence of its description. */
  static String summary(CommandSpec command) {
    UsageMessageSpec usage = command.usageMessage();
    String[] lines = usage.header().length > 0 ? usage.header() : usage.description();
    String text = lines.length == 0 ? "" : lines[0];
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  /**
   * Lines of the sources as paragraphs, to be broken anew; a line that ends a sentence ends one,
   * and an empty one stays.
   */
  static String[] paragraphs(String... lines) {
    List<String> all = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : lines) {
      boolean gap = line.isEmpty();
      if (!gap) {
        open.append(open.isEmpty() ? "" : " ").append(line);
      }
      if ((gap || line.endsWith(".") || line.endsWith(":")) && !open.isEmpty()) {
        all.add(open.toString());
        open.setLength(0);
      }
      if (gap) {
        all.add("");
      }
    }
    if (!open.isEmpty()) {
      all.add(open.toString());
    }
    return all.toArray(String[]::new);
  }
}
