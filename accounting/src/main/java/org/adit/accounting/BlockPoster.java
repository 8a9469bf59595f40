package org.adit.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.adit.accounting.ledger.BrokenBookException;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.proof.BlockTree;
import org.adit.accounting.proof.WeightUnit;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Credit;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.CreditRow;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.ProofRow;
import org.adit.accounting.store.StoreWriter;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** Posts what happens to blocks, each event in one transaction. Not thread-safe. */
final class BlockPoster {
  private final AccountingStore store;
  private final BlockSettler settler;
  private final RandomGenerator seeds;

  /**
   * Makes a poster.
   *
   * @param seeds secure, for the nonces of proofs
   */
  BlockPoster(AccountingStore store, BlockSettler settler, RandomGenerator seeds) {
    this.store = store;
    this.settler = settler;
    this.seeds = seeds;
  }

  /** Undoes the transaction of a refused event. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Posting posting;

    RefusedException(Posting posting) {
      super(posting.reason(), null, false, false);
      this.posting = posting;
    }
  }

  Posting found(FoundBlock block, long lastDurable, long nowMillis) {
    String key = Ledger.foundKey(block.hash().toDisplayHex());
    if (!BlockSettler.supports(block.scheme())) {
      return Posting.refused(key, "scheme " + block.scheme() + " cannot be settled");
    }
    try {
      return store.write(tx -> found(tx, block, key, lastDurable, nowMillis));
    } catch (RefusedException e) {
      return e.posting;
    }
  }

  private Posting found(
      StoreWriter tx, FoundBlock block, String key, long lastDurable, long nowMillis) {
    if (tx.block(block.hash()).isPresent()) {
      return Posting.duplicate(key);
    }
    if (block.winnerSequence() > lastDurable) {
      return Posting.refused(
          key,
          "winning share "
              + block.winnerSequence()
              + " is not in the journal, which ends at "
              + lastDurable);
    }
    Optional<WorkerKey> finder = tx.workerKey(block.finderWorkerId());
    if (finder.isEmpty() || block.finderWorkerId() < 1) {
      return Posting.refused(key, "worker " + block.finderWorkerId() + " is not registered");
    }
    PayRule rule = BlockSettler.ruleFor(tx.payRules(), block.winnerSequence(), block.scheme());
    BlockSettler.Settled settled =
        settler.settle(
            tx,
            rule,
            new BlockSettler.Facts(
                block.scheme(),
                block.reward(),
                block.netBits(),
                block.endSequence(),
                finder.orElseThrow()),
            block.scheme() == SchemeKind.PROP ? tx.roundStart(block.winnerSequence()) : 1);
    checkExact(block, settled.settlement());
    String wrong = notPaid(block, settled.settlement());
    if (wrong != null) {
      return Posting.refused(key, wrong);
    }
    BlockRow row = row(block, finder.orElseThrow(), rule, settled);
    // Hashed while the credits are written; nothing of it needs the database.
    @Nullable CompletableFuture<ProofRow> proof =
        settled.settlement().credits().isEmpty()
            ? null
            : CompletableFuture.supplyAsync(() -> proof(row.scheme(), settled.settlement()));
    tx.insertBlock(row, creditRows(tx, settled.settlement()));
    tx.insertDirect(row.hash(), block.paidSat());
    if (proof != null) {
      tx.insertProof(row.hash(), proof.join());
    }
    BlockRow.WindowRow window = row.window();
    if (window != null
        && window.firstSequence() > 0
        && window.firstSequence() <= tx.retiredThrough()) {
      tx.addRetiredBlock(
          row.hash(), BlockAudit.digest(row, tx.credits(row.hash()), block.paidSat()), true);
    }
    Ledger ledger = new Ledger(tx.book(nowMillis));
    ledger.snapshot(row.hash().toDisplayHex());
    Posting posting =
        ledger.found(
            BlockSettler.money(
                row.hash().toDisplayHex(),
                row.scheme(),
                row.direct(),
                settled.settlement(),
                block.paidSat().keySet()));
    if (!posting.isPosted()) {
      throw new RefusedException(posting);
    }
    return posting;
  }

  private ProofRow proof(SchemeKind scheme, Settlement settlement) {
    byte[] seed = new byte[BlockTree.SEED_BYTES];
    seeds.nextBytes(seed);
    return new ProofRow(
        seed, new BlockTree(seed, WeightUnit.of(scheme), settlement.credits().stream()).root());
  }

  /** What a coinbase paid is what the window gives, to the satoshi; the reason when it is not. */
  private static @Nullable String notPaid(FoundBlock block, Settlement settlement) {
    SortedMap<String, Amounts> due = settlement.byAccount();
    for (Map.Entry<String, Long> paid : block.paidSat().entrySet()) {
      long sat = due.getOrDefault(paid.getKey(), Amounts.ZERO).totalSat();
      if (sat != paid.getValue()) {
        return "the coinbase pays "
            + paid.getValue()
            + " sat to "
            + paid.getKey()
            + ", its window gives "
            + sat;
      }
    }
    return null;
  }

  /** Invariant I5: credits and fee are the coinbase, each part by itself. */
  private static void checkExact(FoundBlock block, Settlement settlement) {
    if (!settlement.credited().plus(settlement.poolFee()).equals(block.reward())) {
      throw new BrokenBookException(
          "block "
              + block.hash().toDisplayHex()
              + ": credits "
              + settlement.credited()
              + " and fee "
              + settlement.poolFee()
              + " are not the reward "
              + block.reward());
    }
  }

  private static BlockRow row(
      FoundBlock block, WorkerKey finder, PayRule rule, BlockSettler.Settled settled) {
    return new BlockRow(
        block.hash(),
        block.height(),
        block.netBits(),
        block.reward(),
        settled.settlement().poolFee(),
        block.transactions(),
        block.scheme(),
        block.scheme().paysFinder(),
        block.winnerSequence(),
        block.finderWorkerId(),
        finder,
        rule.id(),
        block.foundAt(),
        BlockState.IMMATURE,
        0,
        windowRow(settled.window(), block.endSequence()));
  }

  static BlockRow.@Nullable WindowRow windowRow(@Nullable Window window, long end) {
    if (window == null) {
      return null;
    }
    Window.Edge edge = window.edge();
    return edge == null
        ? new BlockRow.WindowRow(
            end, 0, window.size(), window.filled(), window.filled(), window.filled())
        : new BlockRow.WindowRow(
            end, edge.sequence(), window.size(), window.filled(), edge.taken(), edge.of());
  }

  private static List<CreditRow> creditRows(StoreWriter tx, Settlement settlement) {
    Map<WorkerKey, Integer> ids = new HashMap<>();
    tx.workerKeys().forEach((id, key) -> ids.put(key, id));
    List<CreditRow> rows = new ArrayList<>();
    for (Credit credit : settlement.credits()) {
      Integer id = ids.get(credit.worker());
      if (id == null) {
        throw new IllegalStateException("no id for " + credit.worker());
      }
      rows.add(new CreditRow(id, credit.worker(), credit.weight(), credit.amounts()));
    }
    return rows;
  }

  /**
   * Moves a block.
   *
   * @param to ORPHANED, IMMATURE for reconnected, or MATURE
   */
  Posting moved(Hash256 hash, BlockState to, long nowMillis) {
    return store.write(tx -> {
      Ledger ledger = new Ledger(tx.book(nowMillis));
      String name = hash.toDisplayHex();
      BlockRow block = tx.block(hash).orElse(null);
      if (block == null) {
        return Posting.refused("block:" + name, "the pool has no such block");
      }
      int next = block.transitions() + 1;
      Posting posting =
          switch (to) {
            case MATURE -> ledger.matured(name);
            case IMMATURE -> reconnect(ledger, block, name, next);
            case ORPHANED -> orphan(ledger, block, name, next);
          };
      if (posting.isPosted()) {
        BlockState state =
            to == BlockState.IMMATURE && ledger.isMatured(name) ? BlockState.MATURE : to;
        tx.setBlockState(hash, state, to == BlockState.MATURE ? next - 1 : next);
      }
      return posting;
    });
  }

  private static Posting orphan(Ledger ledger, BlockRow block, String name, int next) {
    return switch (block.state()) {
      case ORPHANED -> Posting.duplicate("block:" + name + ":orphaned:" + (next - 1));
      case IMMATURE -> ledger.orphaned(name, next);
      case MATURE -> ledger.deepOrphaned(name, next);
    };
  }

  private static Posting reconnect(Ledger ledger, BlockRow block, String name, int next) {
    return block.state() == BlockState.ORPHANED
        ? ledger.reconnected(name, next)
        : Posting.duplicate("block:" + name + ":reconnected:" + (next - 1));
  }
}
