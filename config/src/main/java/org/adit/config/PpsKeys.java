package org.adit.config;

import java.time.Duration;
import java.util.List;

/** The rows of the table of settings for {@code [pps]}. */
final class PpsKeys {
  private PpsKeys() {}

  static final Setting<Long> STOP_BELOW =
      new Setting<>(
          "stop_below_sat",
          ValueType.longInteger(1, 2_100_000_000_000_000L),
          null,
          false,
          "Required with `pps`, `pps_plus` and `fpps`. When what is left of the reserve falls below it, miners are sent away and no work is given out until more is set aside with `adit capital reserve`. Shares accepted by then are still paid, so it should carry the pool's work of an hour.");
  static final Setting<Duration> EVERY =
      new Setting<>(
          "every_minutes",
          ValueType.integer(1, 1_440, Duration::ofMinutes),
          10L,
          false,
          "How often shares are paid; one ledger entry each time.");
  static final Setting<PpsConfig.ExpectedFees> EXPECTED_FEES =
      new Setting<>(
          "expected_fees",
          ValueType.choice(PpsConfig.ExpectedFees.class),
          "trimmed",
          false,
          "What `fpps` takes the transaction fees of a coming block to be, fixed once a day: the `mean` of the chain's newest blocks, or the `trimmed` one without the lowest and highest tenth, which one absurd fee cannot move.");
  static final Setting<Integer> FEE_BLOCKS =
      new Setting<>(
          "fee_blocks",
          ValueType.integer(1, 1_008),
          144L,
          false,
          "How many of the chain's newest blocks that is made of.");

  static final Section SECTION =
      new Section(
          "pps",
          0,
          1,
          "Paying by the share: the operator pays for every share whether blocks are found or not, and can be ruined by it (see [accounting](accounting.md#paying-by-the-share)). Only with the schemes `pps`, `pps_plus` and `fpps`.",
          List.of(STOP_BELOW, EVERY, EXPECTED_FEES, FEE_BLOCKS));
}
