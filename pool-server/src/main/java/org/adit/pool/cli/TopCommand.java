package org.adit.pool.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code adit top}. */
@Command(
    name = "top",
    description = {
      "Shows a running pool and its workers live, those in trouble first, until Ctrl-C. As many",
      "workers as the terminal has lines for."
    },
    mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
  private static final String ALTERNATE = "\u001b[?1049h\u001b[?25l";
  private static final String BACK = "\u001b[?25h\u001b[?1049l";

  /** An empty line, two of headings, the count of those not shown, the cursor's. */
  private static final int LINES_BELOW = 5;

  private static final int MOST_ROWS = 200;

  @Spec private CommandSpec spec;
  @Mixin private RunningPool pool;

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      defaultValue = "trouble",
      description = "trouble, hashrate_5m, hashrate_1h, hashrate_24h, last_share, rejects, worker.")
  private String sort = "trouble";

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "Time between two pictures. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--pictures", paramLabel = "N", description = "End after N pictures.")
  private int pictures;

  @Override
  public Integer call() throws Exception {
    if (seconds < 1) {
      throw new CommandFailure(2, "--every is " + seconds + " (expected: 1 or more)");
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean live = pictures == 0;
    if (live) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    out.print(BACK);
                    out.flush();
                  },
                  "top-end"));
      out.print(ALTERNATE);
    }
    for (int shown = 1; ; shown++) {
      String picture = picture();
      out.print(live ? HOME_AND_CLEAR + picture : picture);
      out.flush();
      if (shown == pictures) {
        return 0;
      }
      TimeUnit.SECONDS.sleep(seconds);
    }
  }

  private String picture() throws Exception {
    int columns = Terminal.isOne() ? Terminal.columns() : Integer.MAX_VALUE;
    StringBuilder text = new StringBuilder();
    int used = 0;
    for (String line : StatusText.pool(pool.get("/pool"))) {
      for (String part : Lines.fitting(line, columns)) {
        text.append(part).append('\n');
        used++;
      }
    }
    text.append('\n');
    int rows = Math.clamp(Terminal.lines() - used - LINES_BELOW, 1, MOST_ROWS);
    JsonNode workers = pool.get("/workers?sort=" + PoolApi.segment(sort) + "&limit=" + rows);
    Table table = StatusText.workers(workers);
    text.append(
        table.isEmpty()
            ? "no worker has mined here yet\n"
            : table.fitting(columns).format(picocli.CommandLine.Help.Ansi.AUTO.enabled()));
    int more = workers.path("total").asInt() - workers.path("items").size();
    if (more > 0) {
      text.append("and ").append(more).append(" more\n");
    }
    return text.toString();
  }
}
