package org.adit.accounting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.bucket.SlidingWindow;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.proof.BlockTree;
import org.adit.accounting.proof.WeightUnit;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Credit;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.CreditRow;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/**
 * Settles blocks again from raw shares and compares with what is stored. Blocks are given in the
 * order they were posted. One whose window begins among retired shares is compared with the digest
 * that was taken when it could still be settled again.
 */
final class BlockAudit {
  private final StoreReader reader;
  private final BlockSettler settler;
  private final List<PayRule> rules;
  private final PayoutReplay.Differences differences;
  private final TreeSet<Long> winners = new TreeSet<>();

  BlockAudit(
      StoreReader reader,
      JournalReader journal,
      NetworkWork networkWork,
      PayoutReplay.Differences differences) {
    this.reader = reader;
    this.settler = new BlockSettler(new SlidingWindow(journal, networkWork), networkWork);
    this.rules = reader.payRules();
    this.differences = differences;
  }

  /** Takes note of a block that is not checked. */
  void pass(BlockRow block) {
    winners.add(block.winnerSequence());
  }

  /** Checks a block and returns how it must have been divided. */
  Settlement check(BlockRow block) {
    Optional<byte[]> digest = reader.retiredDigest(block.hash());
    String name = "block " + block.hash().toDisplayHex();
    List<CreditRow> credits = reader.credits(block.hash());
    if (digest.isPresent()) {
      differ(
          name + " settlement",
          HexFormat.of().formatHex(digest.get()),
          HexFormat.of().formatHex(digest(block, credits, reader.directlyPaid(block.hash()))));
      Settlement taken = settlement(block, credits);
      proof(name, taken, block);
      pass(block);
      return taken;
    }
    Settlement settlement = settle(name, block);
    credits(name, settlement, credits);
    return settlement;
  }

  private void differ(String what, @Nullable Object expected, @Nullable Object actual) {
    differences.differ(what, expected, actual);
  }

  private static Settlement settlement(BlockRow block, List<CreditRow> credits) {
    return new Settlement(
        block.poolFee(),
        credits.stream()
            .map(row -> new Credit(row.worker(), row.weight(), row.amounts()))
            .toList());
  }

  private Settlement settle(String name, BlockRow block) {
    PayRule rule = BlockSettler.ruleFor(rules, block.winnerSequence(), block.scheme());
    differ(name + " pay rule", rule.id(), block.payRuleId());
    SortedMap<String, Long> direct = reader.directlyPaid(block.hash());
    long end = direct.isEmpty() ? block.winnerSequence() - 1 : frozenEnd(name, block);
    BlockSettler.Settled settled =
        settler.settle(
            reader,
            rule,
            new BlockSettler.Facts(
                block.scheme(), block.reward(), block.netBits(), end, block.finder()),
            roundStart(block));
    pass(block);
    window(name, settled.window(), block, end);
    SortedMap<String, Amounts> due = settled.settlement().byAccount();
    direct.forEach((account, sat) ->
        differ(
            name + " coinbase to " + account,
            due.getOrDefault(account, Amounts.ZERO).totalSat(),
            sat));
    proof(name, settled.settlement(), block);
    differ(name + " pool fee", settled.settlement().poolFee(), block.poolFee());
    return settled.settlement();
  }

  /** Where a window ended is a fact of the job, like its height; it must be before the winner. */
  private long frozenEnd(String name, BlockRow block) {
    BlockRow.WindowRow window = block.window();
    long end = window == null ? 0 : window.endSequence();
    differ(name + " window ends before the winner", true, end < block.winnerSequence());
    return Math.min(end, block.winnerSequence() - 1);
  }

  private void credits(String name, Settlement settlement, List<CreditRow> credits) {
    Map<WorkerKey, CreditRow> stored = new HashMap<>();
    for (CreditRow row : credits) {
      stored.put(row.worker(), row);
    }
    for (Credit credit : settlement.credits()) {
      CreditRow row = stored.remove(credit.worker());
      String who =
          name + " credit of " + credit.worker().account() + "/" + credit.worker().worker();
      differ(who, credit.amounts(), row == null ? null : row.amounts());
      differ(who + " weight", credit.weight(), row == null ? null : row.weight());
    }
    stored.values().forEach(row -> differ(name + " credit", null, row));
  }

  /**
   * Where a PROP round began: which earlier blocks were orphaned when it was settled is history, so
   * the stored first share says which winner the round followed. It must be one of a block that was
   * posted before, and the round's oldest share must follow from it.
   */
  private long roundStart(BlockRow block) {
    BlockRow.WindowRow stored = block.window();
    if (stored == null || stored.firstSequence() == 0) {
      return Math.max(1, block.winnerSequence());
    }
    Long winner = winners.floor(Math.min(stored.firstSequence(), block.winnerSequence() - 1));
    return winner == null ? 1 : winner;
  }

  /** The snapshot beside the credits. */
  private void window(String name, @Nullable Window window, BlockRow block, long end) {
    differ(
        name + " window",
        window == null ? null : BlockPoster.windowRow(window, end),
        block.window());
  }

  private void proof(String name, Settlement settlement, BlockRow block) {
    reader
        .proof(block.hash())
        .ifPresent(proof ->
            differ(
                name + " proof root",
                new BlockTree(
                        proof.seed(), WeightUnit.of(block.scheme()), settlement.credits().stream())
                    .root(),
                proof.root()));
  }

  /**
   * Everything of a block that its settlement decided: SHA-256 over lines of text.
   *
   * @param credits by account and worker
   * @param direct what the coinbase paid to accounts
   */
  static byte[] digest(BlockRow block, List<CreditRow> credits, SortedMap<String, Long> direct) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      line(digest, block.hash().toDisplayHex());
      line(digest, block.scheme().name(), block.payRuleId(), block.direct());
      line(digest, block.winnerSequence(), block.finderWorkerId());
      line(digest, block.reward().subsidySat(), block.reward().feesSat());
      line(digest, block.poolFee().subsidySat(), block.poolFee().feesSat());
      BlockRow.WindowRow window = block.window();
      if (window != null) {
        line(digest, window.endSequence(), window.firstSequence());
        line(digest, window.size(), window.filled(), window.edgeTaken(), window.edgeOf());
      }
      for (CreditRow row : credits) {
        line(digest, row.worker().account(), row.worker().worker());
        line(digest, row.weight(), row.amounts().subsidySat(), row.amounts().feesSat());
      }
      direct.forEach((account, sat) -> line(digest, "direct", account, sat));
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Each part with its length, so that no two rows are the same bytes. */
  private static void line(MessageDigest digest, Object... parts) {
    for (Object part : parts) {
      byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
  }
}
