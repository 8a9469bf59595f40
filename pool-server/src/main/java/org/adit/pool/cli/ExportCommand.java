package org.adit.pool.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.CreditRow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit export}. */
@Command(
    name = "export",
    description = "Writes the books for other programs.",
    mixinStandardHelpOptions = true,
    subcommands = ExportCommand.Credits.class)
final class ExportCommand {

  private enum Format {
    CSV,
    JSON
  }

  /** {@code adit export credits}. */
  @Command(
      name = "credits",
      description = {
        "Writes a row for each block and worker it credited, oldest block first: CSV with a heading,",
        "or one JSON object a line. Amounts are satoshi; the weight is an exact fraction."
      },
      mixinStandardHelpOptions = true)
  static final class Credits implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private DataFolder data;

    @Option(names = "--format", description = "csv or json. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.CSV;

    @Option(names = "--account", paramLabel = "NAME", description = "This account only.")
    private @Nullable String account;

    @Option(names = "--block", paramLabel = "BLOCK", description = "This block only: hash, height.")
    private @Nullable String block;

    @Option(
        names = "--from",
        paramLabel = "DATE",
        description = "Blocks found on or after: 2026-01-31, or with a time 2026-01-31T12:00:00Z.")
    private @Nullable String from;

    @Option(
        names = "--to",
        paramLabel = "DATE",
        description = "Blocks found before the same kind of date (UTC).")
    private @Nullable String to;

    @Option(
        names = {"-o", "--out"},
        paramLabel = "FILE",
        description = "Where to write; default: standard output.")
    private @Nullable Path file;

    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    public Integer call() throws Exception {
      Instant first = date("--from", from, Instant.MIN);
      Instant end = date("--to", to, Instant.MAX);
      try (AccountingReader reader = data.open()) {
        List<BlockRow> blocks =
            block != null
                ? List.of(BlockChoice.find(reader, block))
                : reader.blocks(Integer.MAX_VALUE).reversed();
        Path target = file;
        if (target == null) {
          StringWriter text = new StringWriter();
          write(reader, blocks, first, end, text);
          spec.commandLine().getOut().print(text);
          spec.commandLine().getOut().flush();
        } else {
          writeFile(reader, blocks, first, end, target);
        }
      }
      return 0;
    }

    private void writeFile(
        AccountingReader reader, List<BlockRow> blocks, Instant first, Instant end, Path target)
        throws CommandFailure {
      try (Writer out = Files.newBufferedWriter(target)) {
        write(reader, blocks, first, end, out);
      } catch (IOException | UncheckedIOException e) {
        throw new CommandFailure(1, "cannot write " + target + ": " + e.getMessage());
      }
    }

    private static Instant date(String option, @Nullable String text, Instant otherwise)
        throws CommandFailure {
      if (text == null) {
        return otherwise;
      }
      try {
        return text.contains("T")
            ? Instant.parse(text)
            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException e) {
        throw new CommandFailure(
            2, option + " is no date (expected: like 2026-01-31 or 2026-01-31T12:00:00Z)");
      }
    }

    private void write(
        AccountingReader reader, List<BlockRow> blocks, Instant first, Instant end, Writer target) {
      PrintWriter out = new PrintWriter(target);
      if (format == Format.CSV) {
        out.println(
            "height,block,state,scheme,found_at,winner_sequence,window_first,window_end,"
                + "account,worker,weight,subsidy_sat,fees_sat,total_sat");
      }
      for (BlockRow row : blocks) {
        if (row.foundAt().isBefore(first) || !row.foundAt().isBefore(end)) {
          continue;
        }
        for (CreditRow credit : reader.credits(row.hash())) {
          if (account == null || account.equals(credit.worker().account())) {
            out.println(format == Format.CSV ? csv(row, credit) : jsonLine(row, credit));
          }
        }
      }
      if (out.checkError()) {
        throw new UncheckedIOException(new IOException("the disk refused"));
      }
    }

    private static String csv(BlockRow block, CreditRow credit) {
      BlockRow.WindowRow window = block.window();
      return String.join(
          ",",
          Integer.toString(block.height()),
          block.hash().toDisplayHex(),
          lower(block.state()),
          lower(block.scheme()),
          block.foundAt().toString(),
          Long.toString(block.winnerSequence()),
          window == null ? "" : Long.toString(window.firstSequence()),
          window == null ? "" : Long.toString(window.endSequence()),
          quoted(credit.worker().account()),
          quoted(credit.worker().worker()),
          credit.weight().toString(),
          Long.toString(credit.amounts().subsidySat()),
          Long.toString(credit.amounts().feesSat()),
          Long.toString(credit.amounts().totalSat()));
    }

    /** RFC 4180; a cell that a spreadsheet would take for a formula is made text. */
    private static String quoted(String cell) {
      String safe = cell.matches("[=+\\-@\t\r].*") ? "'" + cell : cell;
      return safe.matches("[A-Za-z0-9_.]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private String jsonLine(BlockRow block, CreditRow credit) {
      ObjectNode node = json.createObjectNode();
      BlockRow.WindowRow window = block.window();
      node.put("height", block.height());
      node.put("block", block.hash().toDisplayHex());
      node.put("state", lower(block.state()));
      node.put("scheme", lower(block.scheme()));
      node.put("found_at", block.foundAt().toString());
      node.put("winner_sequence", block.winnerSequence());
      if (window != null) {
        node.put("window_first", window.firstSequence());
        node.put("window_end", window.endSequence());
      }
      node.put("account", credit.worker().account());
      node.put("worker", credit.worker().worker());
      node.put("weight", credit.weight().toString());
      node.put("subsidy_sat", credit.amounts().subsidySat());
      node.put("fees_sat", credit.amounts().feesSat());
      node.put("total_sat", credit.amounts().totalSat());
      return json.writeValueAsString(node);
    }

    private static String lower(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }
}
