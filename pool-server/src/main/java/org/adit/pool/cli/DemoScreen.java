package org.adit.pool.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.adit.pool.demo.Demo;
import org.adit.pool.demo.DemoBlock;
import org.adit.pool.demo.DemoStatus;

/** Shows the demo: a picture that is drawn again and again on a terminal, lines in a pipe. */
final class DemoScreen implements Demo.View {
  private static final int BLOCKS_SHOWN = 10;
  private static final long LINE_NANOS = 5_000_000_000L;
  // A line longer than the terminal is wide is cut, not wrapped: the picture keeps its height.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String CLEAR_BELOW = "\u001b[0J";
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final boolean terminal;
  private int drawnLines;
  private String lastPhase = "";
  private long lastLineNanos;

  DemoScreen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void show(DemoStatus status) {
    if (terminal) {
      draw(status);
    } else {
      say(status);
    }
    out.flush();
  }

  @Override
  public void block(DemoBlock block) {
    if (!terminal) {
      out.printf(
          Locale.ROOT,
          "block %d  %s  subsidy %s BTC, fees %s BTC, %d transactions, found by %s%n",
          block.height(),
          block.hash(),
          Figures.bitcoin(block.subsidySat()),
          Figures.bitcoin(block.feesSat()),
          block.transactions(),
          Table.printable(block.finder()));
      out.flush();
    }
  }

  /** The last picture stays. */
  void end() {
    drawnLines = 0;
  }

  private void say(DemoStatus status) {
    String phase = status.phase().replaceAll(": .*", "");
    long now = System.nanoTime();
    boolean newPhase = !phase.equals(lastPhase);
    if (newPhase) {
      lastPhase = phase;
      lastLineNanos = now;
      out.println("- " + phase);
    } else if (status.workers().isEmpty()) {
      return;
    } else if (now - lastLineNanos >= LINE_NANOS) {
      lastLineNanos = now;
      StringBuilder line = new StringBuilder("  ").append(Figures.hashrate(status.hashrate()));
      for (DemoStatus.WorkerLine worker : status.workers()) {
        line.append(", ")
            .append(Table.printable(worker.account() + "." + worker.worker()))
            .append(": ")
            .append(worker.accepted())
            .append(" shares, ")
            .append(Figures.bitcoin(worker.subsidySat() + worker.feesSat()))
            .append(" BTC");
      }
      out.println(line);
    }
  }

  private void draw(DemoStatus status) {
    StringBuilder picture = new StringBuilder();
    picture
        .append(BOLD)
        .append("Adit demo")
        .append(PLAIN)
        .append("  ")
        .append(status.phase())
        .append('\n');
    picture
        .append(DIM)
        .append("node ")
        .append(Table.printable(status.nodeVersion()))
        .append("  chain ")
        .append(status.chain())
        .append("  height ")
        .append(status.height())
        .append("  mempool ")
        .append(status.mempool())
        .append(" txs");
    if (!status.pool().isEmpty()) {
      picture.append("\npool stratum+tcp://").append(status.pool());
    }
    picture.append(PLAIN).append("\n\n");
    if (!status.workers().isEmpty()) {
      workers(status, picture);
    }
    if (!status.blocks().isEmpty()) {
      blocks(status, picture);
    }
    if (drawnLines > 0) {
      out.print("\u001b[" + drawnLines + "A");
    }
    out.print("\r" + CLEAR_BELOW + NO_WRAP);
    out.print(picture);
    out.print(WRAP);
    drawnLines = (int) picture.chars().filter(c -> c == '\n').count();
  }

  private static void workers(DemoStatus status, StringBuilder picture) {
    Table table =
        new Table("WORKER", ">HASHRATE", ">SHARES", ">REJECTED", ">SUBSIDY BTC", ">FEES BTC");
    for (DemoStatus.WorkerLine worker : status.workers()) {
      table.row(
          worker.account() + "." + worker.worker(),
          Figures.hashrate(worker.hashrate()),
          worker.accepted(),
          worker.rejected(),
          Figures.bitcoin(worker.subsidySat()),
          Figures.bitcoin(worker.feesSat()));
    }
    picture.append(table.format(true)).append('\n');
  }

  private static void blocks(DemoStatus status, StringBuilder picture) {
    List<DemoBlock> all = status.blocks();
    Table table = new Table(">HEIGHT", "HASH", ">SUBSIDY BTC", ">FEES BTC", ">TXS", "FOUND BY");
    for (DemoBlock block : all.subList(Math.max(0, all.size() - BLOCKS_SHOWN), all.size())) {
      table.row(
          block.height(),
          block.hash().substring(0, 8) + "…" + block.hash().substring(52),
          Figures.bitcoin(block.subsidySat()),
          Figures.bitcoin(block.feesSat()),
          block.transactions(),
          block.finder());
    }
    picture
        .append(GREEN)
        .append(all.size())
        .append(all.size() == 1 ? " block found" : " blocks found")
        .append(PLAIN)
        .append('\n')
        .append(table.format(true));
  }
}
