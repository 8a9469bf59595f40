package org.adit.config;

import java.util.List;

/** The rows of the table of settings for {@code [economics]}. */
final class EconomicsKeys {
  private EconomicsKeys() {}

  private static final ValueType<Ratio> PRICE = ValueType.ratio("0.000001", "1000000000000");

  static final Setting<String> CURRENCY =
      new Setting<>(
          "currency",
          ValueType.form("[A-Z]{3}", "three capital letters"),
          "USD",
          false,
          "Money of the prices below.");
  static final Setting<Ratio> PRICE_PER_BTC =
      optional("price_per_btc", PRICE, "Price of one bitcoin. No outside service is ever asked.");
  static final Setting<String> PRICE_FILE =
      optional(
          "price_file",
          ValueType.path(),
          "File whose first line is the price of one bitcoin, written by a job of your own; wins over `price_per_btc` while it can be read.");
  static final Setting<Ratio> POWER_PRICE =
      optional("power_price_per_kwh", PRICE, "Price of a kilowatt-hour.");
  static final Setting<Ratio> EFFICIENCY =
      optional(
          "joules_per_terahash",
          ValueType.ratio("0.01", "1000000"),
          "Efficiency of the machines, in J/TH.");

  static final Section SECTION =
      new Section(
          "economics",
          0,
          1,
          "Figures for `adit economics`: hashprice, margin, break-even. Nothing of it decides what is paid.",
          List.of(CURRENCY, PRICE_PER_BTC, PRICE_FILE, POWER_PRICE, EFFICIENCY));

  static final Setting<String> GROUP =
      new Setting<>(
          "group",
          ValueType.form("[A-Za-z0-9_-]{1,64}", "1 to 64 of A-Z a-z 0-9 _ -"),
          null,
          true,
          "Name of the group, once.");
  static final Setting<List<String>> GROUP_WORKERS =
      new Setting<>(
          "workers",
          ValueType.list(
              "[!-+\\--~]{1,200}", "patterns ACCOUNT.WORKER, * for any text, separated by commas"),
          null,
          true,
          "Which workers. The first table that fits a worker counts.");
  static final Setting<Ratio> GROUP_EFFICIENCY =
      optional(
          "joules_per_terahash",
          ValueType.ratio("0.01", "1000000"),
          "Efficiency of these machines, in J/TH; without it that of `[economics]`.");
  static final Setting<Ratio> GROUP_POWER_PRICE =
      optional(
          "power_price_per_kwh",
          PRICE,
          "Price of a kilowatt-hour for them; without it that of `[economics]`.");

  static final Section POWER =
      new Section(
          "power",
          0,
          1_000,
          "Machines that draw power alike, for margins by worker and by group; may stand several times.",
          List.of(GROUP, GROUP_WORKERS, GROUP_EFFICIENCY, GROUP_POWER_PRICE));

  private static <T> Setting<T> optional(String name, ValueType<T> type, String help) {
    return new Setting<>(name, type, null, false, help);
  }
}
