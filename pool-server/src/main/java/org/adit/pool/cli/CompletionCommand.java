package org.adit.pool.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit completion}. */
@Command(
    name = "completion",
    description = {
      "Prints a script that completes commands and options.",
      "bash and zsh: source <(adit completion bash); fish: adit completion fish | source"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /** Shells that are known. */
  enum Shell {
    /** Bash. */
    BASH,
    /** Zsh, by its bash completion. */
    ZSH,
    /** Fish. */
    FISH
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    if (shell == Shell.ZSH) {
      // So that it may lie in a folder of functions, too.
      out.print("#compdef adit\n");
    }
    out.print(shell == Shell.FISH ? fish(root) : AutoComplete.bash("adit", root));
    out.flush();
    return 0;
  }

  private static String fish(CommandLine root) {
    StringBuilder text = new StringBuilder("# completions of adit for fish\n");
    options(text, "__fish_use_subcommand", root.getCommandSpec());
    for (Map.Entry<String, CommandLine> entry : root.getSubcommands().entrySet()) {
      CommandSpec command = entry.getValue().getCommandSpec();
      if (command.usageMessage().hidden()) {
        continue;
      }
      line(text, "__fish_use_subcommand", "-a " + entry.getKey(), HelpText.summary(command));
      String seen = "__fish_seen_subcommand_from " + entry.getKey();
      options(text, seen, command);
      entry
          .getValue()
          .getSubcommands()
          .forEach((name, sub) ->
              line(text, seen, "-a " + name, HelpText.summary(sub.getCommandSpec())));
    }
    return text.toString();
  }

  private static void options(StringBuilder text, String condition, CommandSpec command) {
    for (OptionSpec option : command.options()) {
      StringBuilder names = new StringBuilder();
      for (String name : option.names()) {
        names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1));
      }
      String argument = option.arity().max() > 0 ? " -r" : "";
      String help = option.description().length == 0 ? "" : option.description()[0];
      line(text, condition, names.substring(1) + argument, help);
    }
  }

  private static void line(StringBuilder text, String condition, String what, String help) {
    text.append("complete -c adit -f -n '")
        .append(condition)
        .append("' ")
        .append(what)
        .append(" -d '")
        .append(help.replace("\\", "\\\\").replace("'", "\\'"))
        .append("'\n");
  }
}
