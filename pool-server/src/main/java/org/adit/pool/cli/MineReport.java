package org.adit.pool.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.miner.MinerListener;
import org.adit.miner.MinerOptions;
import org.adit.miner.MinerState;
import org.adit.miner.MinerStats;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What {@code adit mine} prints. On a terminal one line shows how it stands and is written over
 * again and again, with events above it; elsewhere everything is plain lines.
 */
final class MineReport implements MinerListener {
  private static final int MAX_FREQUENT = 5;

  private final PrintWriter out;
  private final boolean terminal;
  private int shown;
  private int frequentLines;
  private long lastHashes;
  private long lastNanos;

  MineReport(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void stateChanged(MinerState state, String reason) {
    switch (state) {
      case CONNECTING -> line("connecting: " + reason);
      case MINING -> line(reason);
      case FAILED -> line("failed: " + reason);
      case NEW, HANDSHAKE, CLOSED -> {}
    }
  }

  @Override
  public void difficultyChanged(Difficulty difficulty) {
    line("difficulty " + shown(difficulty));
  }

  @Override
  public void blockCandidate(Hash256 hash) {
    frequent("block candidate " + hash.toDisplayHex());
  }

  @Override
  public void shareRejected(int code, String text) {
    frequent("rejected: " + text + " (" + code + ")");
  }

  @Override
  public void message(String text) {
    line(text);
  }

  /** Shows how it stands, with the hashrate since the last time. */
  synchronized void status(MinerStats stats) {
    double rate =
        (stats.hashes() - lastHashes) * 1e9 / Math.max(1, stats.elapsedNanos() - lastNanos);
    lastHashes = stats.hashes();
    lastNanos = stats.elapsedNanos();
    if (frequentLines > MAX_FREQUENT) {
      line("(" + (frequentLines - MAX_FREQUENT) + " more such lines)");
    }
    frequentLines = 0;
    String text =
        hashrate(rate)
            + ", accepted "
            + stats.accepted()
            + ", rejected "
            + stats.rejected()
            + stats.difficulty().map(d -> ", difficulty " + shown(d)).orElse("");
    if (terminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
      shown = text.length();
    } else {
      out.println(text);
    }
    out.flush();
  }

  /** Leaves the line that is written over. */
  synchronized void end() {
    if (shown > 0) {
      out.println();
      shown = 0;
    }
    out.flush();
  }

  /**
   * A line of a kind that may come thousands of times on test chains: only the first few between
   * two status lines.
   */
  private synchronized void frequent(String text) {
    if (++frequentLines <= MAX_FREQUENT) {
      line(text);
    }
  }

  private synchronized void line(String text) {
    if (shown > 0) {
      out.print("\r" + " ".repeat(shown) + "\r");
      shown = 0;
    }
    out.println(text);
    out.flush();
  }

  /** The last line for people. */
  static String summary(MinerStats stats) {
    String codes =
        new TreeMap<>(stats.rejectsByCode())
            .entrySet().stream()
                .map(e -> "code " + e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%.1f s, %d hashes, %s, accepted %d, rejected %d%s, reconnects %d",
        stats.elapsedNanos() / 1e9,
        stats.hashes(),
        hashrate(stats.hashesPerSecond()),
        stats.accepted(),
        stats.rejected(),
        codes.isEmpty() ? "" : " (" + codes + ")",
        stats.reconnects());
  }

  /** The object {@code --json} prints. */
  static String json(MinerOptions options, MinerStats stats) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json =
        JsonFactory.builder().build().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("url", options.url().toString());
      json.writeStringProperty("user", options.user());
      json.writeNumberProperty("seconds", Math.round(stats.elapsedNanos() / 1e6) / 1e3);
      json.writeNumberProperty("hashes", stats.hashes());
      json.writeNumberProperty("hashrate_hs", Math.round(stats.hashesPerSecond()));
      json.writeNumberProperty("shares_accepted", stats.accepted());
      json.writeNumberProperty("shares_rejected", stats.rejected());
      json.writeName("rejects");
      json.writeStartObject();
      for (Map.Entry<Integer, Long> e : new TreeMap<>(stats.rejectsByCode()).entrySet()) {
        json.writeNumberProperty(e.getKey().toString(), e.getValue());
      }
      json.writeEndObject();
      json.writeNumberProperty("shares_unanswered", stats.unanswered());
      json.writeNumberProperty("finds_dropped", stats.dropped());
      json.writeNumberProperty("block_candidates", stats.blockCandidates());
      json.writeNumberProperty("reconnects", stats.reconnects());
      json.writeNumberProperty("threads", options.threads());
      json.writeEndObject();
    }
    return text.toString();
  }

  /** A difficulty for people: exact when it is short, else six digits. */
  static String shown(Difficulty difficulty) {
    return difficulty.isExactOnWire()
        ? difficulty.toWire()
        : new BigDecimal(difficulty.toDouble(), new MathContext(6))
            .stripTrailingZeros()
            .toPlainString();
  }

  /** {@code 12.34 MH/s}. */
  static String hashrate(double hashesPerSecond) {
    String[] units = {"H/s", "kH/s", "MH/s", "GH/s", "TH/s"};
    double value = hashesPerSecond;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.2f %s", value, units[unit]);
  }
}
