package org.adit.pool.cli;

import java.io.PrintWriter;
import org.adit.load.LoadProgress;

/** Shows a load run: one line that changes on a terminal, a line for each step elsewhere. */
final class LoadScreen implements LoadProgress {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private boolean open;

  LoadScreen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void phase(String text) {
    show(text);
  }

  @Override
  public void second(int connected, long done, long perSecond, long rejected) {
    show(
        "%,d connected, %,d done, %,d in the last second, %,d refused"
            .formatted(connected, done, perSecond, rejected));
  }

  /** Leaves the line. */
  void end() {
    if (open) {
      out.print(CLEAR);
      out.flush();
      open = false;
    }
  }

  private void show(String text) {
    if (terminal) {
      out.print(CLEAR + text);
      open = true;
    } else {
      out.println(text);
    }
    out.flush();
  }
}
