package org.adit.pool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.proof.AccountProof;
import org.adit.accounting.store.BlockRow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit proof}. */
@Command(
    name = "proof",
    description = {
      "Proves to an account that it was counted in a block, and checks such proofs.",
      "'adit proof ACCOUNT BLOCK' is short for 'adit proof make ACCOUNT BLOCK'."
    },
    mixinStandardHelpOptions = true,
    subcommands = {ProofCommand.Make.class, ProofCommand.Verify.class})
final class ProofCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Unmatched private List<String> words = new ArrayList<>();

  @Override
  public Integer call() throws CommandFailure {
    CommandLine make = spec.subcommands().get("make");
    if (make == null || words.isEmpty()) {
      throw new CommandFailure(2, "proof needs ACCOUNT BLOCK, or verify FILE; see proof --help");
    }
    return make.execute(words.toArray(String[]::new));
  }

  /** Longest proof file that is read; a real one has a few kilobytes. */
  private static final long MAX_BYTES = 1_000_000;

  /** {@code adit proof make ACCOUNT BLOCK}; {@code make} may be left out. */
  @Command(
      name = "make",
      description = {
        "Writes the proof of an account in a block as JSON: its leaf with the nonce only it should",
        "know, the path, the root. Give the file to the account only."
      },
      mixinStandardHelpOptions = true)
  static final class Make implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private DataFolder data;

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.")
    private String account = "";

    @Parameters(index = "1", paramLabel = "BLOCK", description = "The block's hash or height.")
    private String block = "";

    @Option(
        names = {"-o", "--out"},
        paramLabel = "FILE",
        description =
            "Where to write; '-' for standard output. Default: proof-HEIGHT-ACCOUNT.json.")
    private @Nullable String file;

    @Override
    public Integer call() throws Exception {
      AccountProof proof;
      try (AccountingReader reader = data.open()) {
        BlockRow row = BlockChoice.find(reader, block);
        if (reader.proofRoot(row.hash()).isEmpty()) {
          throw new CommandFailure(
              1, "block " + row.hash().toDisplayHex() + " has no root: it paid no account");
        }
        proof =
            reader
                .proof(row.hash(), account)
                .orElseThrow(() ->
                    new CommandFailure(
                        1,
                        "block "
                            + row.hash().toDisplayHex()
                            + " paid nothing to '"
                            + Table.printable(account)
                            + "'"));
      }
      String text = new ProofFile().write(proof);
      Output output = new Output(spec);
      if ("-".equals(file)) {
        output.line(text.stripTrailing());
        return 0;
      }
      Path target =
          Path.of(
              file != null
                  ? file
                  : "proof-"
                      + proof.height()
                      + "-"
                      + account.replaceAll("[^A-Za-z0-9_.@+-]", "_")
                      + ".json");
      try {
        Files.writeString(target, text);
      } catch (IOException e) {
        throw new CommandFailure(1, "cannot write " + target + ": " + e);
      }
      output.line(target.toString());
      return 0;
    }
  }

  /** {@code adit proof verify FILE}. */
  @Command(
      name = "verify",
      description = {
        "Checks a proof file; needs neither database nor pool. Compare the root it prints with the",
        "published one, or give that by --root. Exit 0: it holds. 1: it does not, or the root is",
        "another. 2: the file is no proof."
      },
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    private static final Pattern ROOT = Pattern.compile("[0-9a-f]{64}");

    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The proof.")
    private Path file = Path.of("");

    @Option(names = "--root", paramLabel = "HASH", description = "The published root.")
    private @Nullable String root;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    @Override
    public Integer call() throws CommandFailure {
      String published = root;
      if (published != null && !ROOT.matcher(published).matches()) {
        throw new CommandFailure(2, "--root is no hash (expected: 64 hex digits, small letters)");
      }
      AccountProof proof = read();
      Optional<String> failure = proof.failure();
      if (failure.isEmpty() && published != null && !published.equals(proof.root().hashHex())) {
        failure = Optional.of("its root is " + proof.root().hashHex() + ", not the published one");
      }
      print(proof, failure);
      return failure.isEmpty() ? 0 : 1;
    }

    private AccountProof read() throws CommandFailure {
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw new CommandFailure(2, file + " is larger than any proof");
        }
        return new ProofFile().read(Files.readString(file));
      } catch (IOException e) {
        throw new CommandFailure(2, "cannot read " + file + ": " + e);
      } catch (ProofFile.FormatException e) {
        throw new CommandFailure(2, file + ": " + Table.printable(String.valueOf(e.getMessage())));
      }
    }

    private void print(AccountProof proof, Optional<String> failure) {
      Output output = new Output(spec);
      if (asJson) {
        ObjectNode node = output.object();
        node.put("valid", failure.isEmpty());
        node.put("problem", failure.orElse(null));
        node.put("root_checked", root != null);
        node.put("block", proof.block());
        node.put("account", proof.account());
        node.put("sat", proof.amountSat());
        node.put("root", proof.root().hashHex());
        node.put("root_sat", proof.root().amountSat());
        node.put("root_weight", proof.root().weight().toString());
        output.print(node);
        return;
      }
      if (failure.isPresent()) {
        output.line(Table.printable("the proof does not hold: " + failure.get()));
        return;
      }
      output.line(
          Table.printable(
              "the proof holds: block "
                  + proof.block()
                  + " credits "
                  + Figures.bitcoin(proof.amountSat())
                  + " of "
                  + Figures.bitcoin(proof.root().amountSat())
                  + " BTC to "
                  + proof.account()));
      output.line(
          "root "
              + proof.root().hashHex()
              + (root == null ? " (compare it with the published one)" : " as published"));
    }
  }
}
