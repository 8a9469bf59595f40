package org.adit.pool.work;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;

/** Templates for rules that need no node. */
public final class Templates {
  /** 21 April 2026, as good a time as any. */
  public static final Instant NOW = Instant.ofEpochSecond(1_776_800_000L);

  private Templates() {}

  /** A template without transactions. */
  public static BlockTemplate empty(int height, Hash256 previous, int bits) {
    return of(height, previous, bits, 0x20000000, 0, List.of());
  }

  /** A template with everything chosen. */
  public static BlockTemplate of(
      int height,
      Hash256 previous,
      int bits,
      int version,
      int vbRequired,
      List<TemplateTransaction> transactions) {
    long fees = transactions.stream().mapToLong(TemplateTransaction::feeSat).sum();
    return new BlockTemplate(
        Network.REGTEST,
        height,
        version,
        vbRequired,
        previous,
        transactions,
        5_000_000_000L + fees,
        fees,
        Map.of(),
        NOW.getEpochSecond() - 600,
        NOW.getEpochSecond(),
        bits,
        Target.ofCompact(bits),
        Optional.of(java.util.HexFormat.of().parseHex("6a24aa21a9ed" + "00".repeat(32))),
        List.of("csv", "!segwit", "taproot"),
        "id",
        Optional.empty(),
        NOW);
  }

  /** A block hash that differs for each number. */
  public static Hash256 hash(int number) {
    return Hash256.ofDisplayHex(String.format("%064x", number));
  }
}
