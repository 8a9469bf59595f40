package org.adit.pool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adit.load.LoadMode;
import org.adit.load.LoadReport;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A load report in words and as JSON. */
final class LoadFigures {
  // Locale.ROOT throughout: the same words whatever language the machine speaks.
  private static final double KIB = 1_024;

  private LoadFigures() {}

  static List<String> lines(LoadReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d of %,d connections got work; the pool ended %,d",
            report.connected(),
            report.connections(),
            report.dropped()));
    counts(lines, "  not connected", report.failures());
    if (report.mode() == LoadMode.SHARES) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,.1f shares/s accepted: %,d of %,d sent in %.1f s, %,d refused, %,d unanswered",
              report.acceptedPerSecond(),
              report.accepted(),
              report.sent(),
              report.seconds(),
              report.rejectedTotal(),
              report.unanswered()));
      counts(lines, "  refused", report.rejected());
      lines.add("answers: " + text(report.latency()));
      if (report.starved() > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%,d shares could not be found in time: this is the generator's limit",
                report.starved()));
      }
    }
    if (report.mode() == LoadMode.CHURN) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,.1f sessions/s: %,d in %.1f s",
              report.sessionsPerSecond(),
              report.sessions(),
              report.seconds()));
      lines.add("to the first job: " + text(report.sessionLatency()));
    }
    report.blocks().forEach(block -> lines.add(text(block)));
    report.process().ifPresent(use -> process(lines, report, use));
    return lines;
  }

  private static void process(List<String> lines, LoadReport report, LoadReport.ProcessUse use) {
    long units = report.mode() == LoadMode.CHURN ? report.sessions() : report.accepted();
    String each =
        units == 0
            ? ""
            : String.format(Locale.ROOT, ", %.1f us each", use.cpuSeconds() * 1e6 / units);
    lines.add(
        String.format(
            Locale.ROOT,
            "pool: %.2f s of processor time%s; generator: %.2f s",
            use.cpuSeconds(),
            each,
            report.ownCpuSeconds()));
    lines.add(
        String.format(
            Locale.ROOT,
            "pool: %.1f MiB resident before, %.1f connected, %.1f at the end",
            use.residentBeforeBytes() / KIB / KIB,
            use.residentConnectedBytes() / KIB / KIB,
            use.residentEndBytes() / KIB / KIB));
  }

  private static void counts(List<String> lines, String title, Map<String, Long> counts) {
    counts.forEach(
        (words, count) -> lines.add(String.format(Locale.ROOT, "%s: %,d %s", title, count, words)));
  }

  private static String text(LoadReport.Quantiles quantiles) {
    return String.format(
        Locale.ROOT,
        "p50 %.2f ms, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f",
        quantiles.p50Micros() / 1e3,
        quantiles.p90Micros() / 1e3,
        quantiles.p99Micros() / 1e3,
        quantiles.p999Micros() / 1e3,
        quantiles.maxMicros() / 1e3);
  }

  private static String text(LoadReport.BlockTravel block) {
    return String.format(
        Locale.ROOT,
        "block, %s to first %.1f ms, median %.1f, last %.1f of %,d connections",
        block.fromSubmit() ? "from submission" : "from the first to hear",
        block.firstMicros() / 1e3,
        block.medianMicros() / 1e3,
        block.lastMicros() / 1e3,
        block.reached());
  }

  static ObjectNode json(LoadReport report) {
    ObjectNode json = JsonMapper.builder().build().createObjectNode();
    json.put("mode", report.mode().name().toLowerCase(Locale.ROOT));
    json.put("connections", report.connections());
    json.put("connected", report.connected());
    json.put("dropped", report.dropped());
    put(json.putObject("failures"), report.failures());
    json.put("seconds", report.seconds());
    json.put("sent", report.sent());
    json.put("accepted", report.accepted());
    json.put("accepted_per_second", report.acceptedPerSecond());
    put(json.putObject("rejected"), report.rejected());
    json.put("unanswered", report.unanswered());
    json.put("starved", report.starved());
    put(json.putObject("answer_us"), report.latency());
    json.put("sessions", report.sessions());
    json.put("sessions_per_second", report.sessionsPerSecond());
    put(json.putObject("session_us"), report.sessionLatency());
    var blocks = json.putArray("blocks");
    for (LoadReport.BlockTravel block : report.blocks()) {
      blocks
          .addObject()
          .put("from_submission", block.fromSubmit())
          .put("reached", block.reached())
          .put("first_us", block.firstMicros())
          .put("median_us", block.medianMicros())
          .put("last_us", block.lastMicros());
    }
    report
        .process()
        .ifPresent(use ->
            json.putObject("process")
                .put("cpu_seconds", use.cpuSeconds())
                .put("resident_before", use.residentBeforeBytes())
                .put("resident_connected", use.residentConnectedBytes())
                .put("resident_end", use.residentEndBytes()));
    json.put("own_cpu_seconds", report.ownCpuSeconds());
    return json;
  }

  private static void put(ObjectNode json, Map<String, Long> counts) {
    counts.forEach(json::put);
  }

  private static void put(ObjectNode json, LoadReport.Quantiles quantiles) {
    json.put("count", quantiles.count())
        .put("p50", quantiles.p50Micros())
        .put("p90", quantiles.p90Micros())
        .put("p99", quantiles.p99Micros())
        .put("p999", quantiles.p999Micros())
        .put("max", quantiles.maxMicros());
  }
}
