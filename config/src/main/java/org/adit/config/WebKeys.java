package org.adit.config;

import java.util.List;

/** The rows of the table of settings for {@code [web]}. */
final class WebKeys {
  private WebKeys() {}

  private static final int MILLION = 1_000_000;

  /** The port that readers of Public Pool's API try first. */
  private static final long USUAL_PORT = 3_334;

  static final Setting<Boolean> ENABLED =
      setting(
          "enabled",
          ValueType.bool(),
          true,
          "Whether dashboard, API and metrics are served at all.");
  static final Setting<String> HOST =
      setting(
          "host",
          ValueType.host(),
          "127.0.0.1",
          "Address to listen on. Beyond this machine put a proxy with TLS in front, and choose `access`.");
  static final Setting<Integer> PORT =
      setting("port", ValueType.integer(0, 65_535), USUAL_PORT, "TCP port; 0 takes any free one.");
  static final Setting<WebConfig.Access> ACCESS =
      setting(
          "access",
          ValueType.choice(WebConfig.Access.class),
          "open",
          "Who may read without the token: `open`: everybody everything. `address`: the pool's figures and whatever belongs to one account whose name or address is known; lists of all workers, accounts and payouts want the token. `token`: nothing but health. What an operator does always wants the token.");
  static final Setting<String> TOKEN_FILE =
      new Setting<>(
          "token_file",
          ValueType.path(),
          null,
          false,
          "File whose first line is the token, for its owner only (`chmod 600`). Without it the pool makes `api-token` in its data folder.");
  static final Setting<List<String>> HOST_NAMES =
      setting(
          "host_names",
          ValueType.list("[A-Za-z0-9.-]{1,253}", "host names, separated by commas"),
          "",
          "Names under which browsers may reach the server, besides addresses and `localhost`; others are refused, so that no web page can lead a browser here by a name of its own.");
  static final Setting<List<String>> CORS_ORIGINS =
      setting(
          "cors_origins",
          ValueType.list(
              "https?://[A-Za-z0-9.:\\[\\]-]{1,253}",
              "origins, as `https://farm.example`, separated by commas"),
          "",
          "Origins whose pages may read the API; none by default.");
  static final Setting<Integer> REQUESTS_PER_SECOND =
      setting(
          "requests_per_second",
          ValueType.integer(1, MILLION),
          50L,
          "Requests of one address per second; ten seconds' worth may come at once.");
  static final Setting<Integer> STREAMS =
      setting(
          "streams",
          ValueType.integer(1, 100_000),
          200L,
          "Open event streams (live pages) at once.");
  static final Setting<Boolean> PUBLIC_POOL =
      setting(
          "public_pool",
          ValueType.bool(),
          true,
          "Whether the read-only API of Public Pool is served under `/api/`, for its web page and the devices and widgets that know it. It is off while `access` is `token`.");
  static final Setting<Boolean> NERDMINER =
      setting(
          "nerdminer",
          ValueType.bool(),
          false,
          "Opens the two ports NerdMiner firmware expects of a home server: Stratum on 2018, like the first listener, and Public Pool's API on 2019, both on the first listener's address.");

  static final Section SECTION =
      new Section(
          "web",
          0,
          1,
          "Dashboard, API (`/api/v1`) and metrics.",
          List.of(
              ENABLED,
              HOST,
              PORT,
              ACCESS,
              TOKEN_FILE,
              HOST_NAMES,
              CORS_ORIGINS,
              REQUESTS_PER_SECOND,
              STREAMS,
              PUBLIC_POOL,
              NERDMINER));

  private static <T> Setting<T> setting(
      String name, ValueType<T> type, Object fallback, String help) {
    return new Setting<>(name, type, fallback, false, help);
  }
}
