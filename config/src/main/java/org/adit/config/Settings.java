package org.adit.config;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The table of all settings: key, type, range, default and help stand here and nowhere else. The
 * reader, the records' defaults and {@code docs/configuration.md} are made from it.
 */
final class Settings {
  private Settings() {}

  private static final int MILLION = 1_000_000;

  /** Bits 29 to 31 say how version bits are used (BIP 9) and are never a miner's. */
  private static final int ROLLABLE_BITS = 0x1fffffff;

  // Top level -----------------------------------------------------------------------------------

  static final Setting<Network> NETWORK =
      required(
          "network",
          ValueType.choice(Network.class),
          "The chain. The node and every payout address must belong to it.");
  static final Setting<String> DATA_DIR =
      required(
          "data_dir",
          ValueType.path(),
          "Folder of the share journal, the database and the found blocks. It is made when missing.");

  static final Section TOP =
      new Section("", 1, 1, "Keys before the first table.", List.<Setting<?>>of(NETWORK, DATA_DIR));

  // [bitcoind] ----------------------------------------------------------------------------------

  static final Setting<URI> RPC_URL =
      required("url", ValueType.endpoint("http"), "The node's JSON-RPC address.");
  static final Setting<String> COOKIE_FILE =
      optional(
          "cookie_file",
          ValueType.path(),
          "The cookie the node writes at each start, in its data folder. The usual way to log in on one machine.");
  static final Setting<String> RPC_USER =
      optional(
          "user",
          ValueType.form(
              "[\\x21-\\x39\\x3b-\\x7e]{1,128}", "1 to 128 printable characters, no colon"),
          "User name, instead of a cookie; needs `password_file` or `password`.");
  static final Setting<String> PASSWORD_FILE =
      optional(
          "password_file",
          ValueType.path(),
          "File whose first line is the password. Nobody but its owner may read it (`chmod 600`).");
  static final Setting<String> PASSWORD =
      optional(
          "password",
          ValueType.text(1, 256).kept(),
          "The password itself. Then the configuration file must not be readable by everybody; prefer `password_file`.");
  static final Setting<URI> ZMQ_HASHBLOCK =
      optional(
          "zmq_hashblock",
          ValueType.endpoint("tcp"),
          "The node's `-zmqpubhashblock` address; the fastest word of a new block. Long poll and poll work without it.");
  static final Setting<Duration> REQUEST_TIMEOUT =
      seconds(
          "request_timeout_seconds",
          1,
          600,
          30,
          "Longest wait for one answer of the node, long polls excepted.");
  static final Setting<Duration> POLL_INTERVAL =
      setting(
          "poll_ms",
          ValueType.integer(100, 60_000, Duration::ofMillis),
          2_000L,
          "Time between two questions for the best block: the safety net under ZMQ and long poll.");
  static final Setting<Duration> TEMPLATE_REFRESH =
      seconds(
          "refresh_seconds",
          5,
          60,
          30,
          "Greatest age of a block template before a new one is fetched. The node itself rebuilds at most every 5 s.");
  static final Setting<Boolean> ISOLATED =
      setting(
          "isolated",
          ValueType.bool(),
          false,
          "Mine although the node has no peers, for private test chains. Refused on main.");

  static final Section BITCOIND =
      new Section(
          "bitcoind",
          1,
          8,
          "The Bitcoin node. Either `cookie_file`, or `user` with `password_file` or `password`. Several nodes stand as `[[bitcoind]]` tables, the preferred one first: templates come from the first that is well and at the best tip, a found block goes to all of them, and payouts use the wallet of the first.",
          List.of(
              RPC_URL,
              COOKIE_FILE,
              RPC_USER,
              PASSWORD_FILE,
              PASSWORD,
              ZMQ_HASHBLOCK,
              REQUEST_TIMEOUT,
              POLL_INTERVAL,
              TEMPLATE_REFRESH,
              ISOLATED),
          true);

  // [failover] ----------------------------------------------------------------------------------

  static final Setting<Duration> SILENCE =
      setting(
          "silence_ms",
          ValueType.integer(200, 30_000, Duration::ofMillis),
          1_000L,
          "How long a node may leave a question unanswered before another one is used.");
  static final Setting<Duration> COMEBACK =
      seconds(
          "comeback_seconds",
          0,
          3_600,
          30,
          "How long a preferred node must have been well and at the best tip before it is used again.");

  static final Section FAILOVER =
      new Section(
          "failover",
          0,
          1,
          "When another of several nodes takes over.",
          List.of(SILENCE, COMEBACK));

  // [payout] ------------------------------------------------------------------------------------

  static final Setting<PayoutConfig.Scheme> SCHEME =
      setting(
          "scheme",
          ValueType.choice(PayoutConfig.Scheme.class),
          "solo",
          "`solo`: the finder is paid by the block itself. All others credit miners, and the pool holds the money. `pplns`: everybody with work in the last window, each share at the difficulty of its own time; fair across difficulty changes. `pplns_work`: the same, the window measured at the found block's difficulty. `tides`: the last eight blocks' worth of work. `prop`: the shares since the block before; miners who leave long rounds gain from those who stay, so only for private and test pools. `pps`, `pps_plus`, `fpps`: each share is paid as it comes, out of a reserve of the operator, who carries the luck; see `[pps]`.");
  static final Setting<String> PAYOUT_ADDRESS =
      optional(
          "address",
          ValueType.form("[A-Za-z0-9]{14,90}", "a Bitcoin address of the network"),
          "The pool's own address. Required with every scheme but `solo`, and whenever a fee is set.");
  static final Setting<Integer> FEE_SUBSIDY =
      setting(
          "fee_ppm_subsidy",
          ValueType.integer(0, MILLION),
          0L,
          "The pool's part of the block subsidy, in millionths: 10000 is one percent.");
  static final Setting<Integer> FEE_TXFEES =
      setting(
          "fee_ppm_txfees",
          ValueType.integer(0, MILLION),
          0L,
          "The pool's part of the transaction fees, in millionths.");
  static final Setting<Ratio> WINDOW_UNITS =
      optional(
          "window_units",
          ValueType.ratio("0.000001", "1000"),
          "Length of the window: shares worth this many blocks of expected work. Required with `pplns`, `pplns_work` and `pps_plus`, wrong with the others. Choose it by the time your pool needs to fill it; 30 to 90 days is usual.");
  static final Setting<PayoutConfig.Unfilled> UNFILLED =
      setting(
          "unfilled",
          ValueType.choice(PayoutConfig.Unfilled.class),
          "scale",
          "While the window of `pplns`, `pplns_work`, `tides` or `pps_plus` is not yet full: `scale` divides the whole block over the shares there are, `reserve` sets the missing part aside as a liability.");

  static final Setting<Boolean> DIRECT =
      setting(
          "direct",
          ValueType.bool(),
          false,
          "With `pplns`, `pplns_work` and `tides`: coinbases pay the miners themselves, as many as fit into `coinbase.max_bytes`, largest first. What is left goes to `address`, and the pool owes it like any other credit.");
  static final Setting<Long> DIRECT_MIN =
      setting(
          "direct_min_sat",
          ValueType.longInteger(1, 2_100_000_000_000_000L),
          10_000L,
          "Smallest amount a coinbase pays to a miner, never below what its address makes dust.");

  static final Section PAYOUT =
      new Section(
          "payout",
          0,
          1,
          "How block rewards are shared.",
          List.of(
              SCHEME,
              PAYOUT_ADDRESS,
              FEE_SUBSIDY,
              FEE_TXFEES,
              WINDOW_UNITS,
              UNFILLED,
              DIRECT,
              DIRECT_MIN));

  // [journal] -----------------------------------------------------------------------------------

  static final Setting<Duration> KEEP_DAYS =
      setting(
          "keep_days",
          ValueType.integer(1, 3_650, Duration::ofDays),
          30L,
          "How many days raw shares are kept at least, 128 bytes each. They stay longer while a reward window, or one of twice its size, reaches them. Afterwards their sums remain, for ever.");
  static final Section JOURNAL =
      new Section("journal", 0, 1, "The share journal.", List.of(KEEP_DAYS));

  // [coinbase] ----------------------------------------------------------------------------------

  static final Setting<String> TAG =
      setting(
          "tag", ValueType.text(0, 60), "/Adit/", "Text written into every block the pool finds.");

  static final Setting<Integer> COINBASE_BYTES =
      setting(
          "max_bytes",
          ValueType.integer(400, 1_900),
          755L,
          "Longest coinbase when it pays miners (`payout.direct`). 755 bytes work on every device known, about 15 outputs; a few old ones fail above that without a word. 1900 is what a node keeps free for it.");

  static final Section COINBASE =
      new Section(
          "coinbase", 0, 1, "What the pool writes into its blocks.", List.of(TAG, COINBASE_BYTES));

  // [[listener]] --------------------------------------------------------------------------------

  /** 2^-32 is below what any hash meets; 10^18 is far above every network. */
  private static final ValueType<BigDecimal> DIFFICULTY =
      ValueType.difficulty("0.0000000001", "1000000000000000000");

  static final Setting<String> HOST =
      setting(
          "host",
          ValueType.host(),
          "0.0.0.0",
          "Address to listen on; `127.0.0.1` for this machine only, `::` for IPv6 too.");
  static final Setting<Integer> PORT =
      required("port", ValueType.integer(0, 65_535), "TCP port; 0 takes any free one.");
  static final Setting<BigDecimal> START_DIFFICULTY =
      setting(
          "start_difficulty",
          DIFFICULTY,
          1024L,
          "Share difficulty of a new connection; powers of two are best.");
  static final Setting<BigDecimal> MIN_DIFFICULTY =
      setting(
          "min_difficulty",
          DIFFICULTY,
          1L,
          "Lowest share difficulty on this port, whatever a miner asks for.");
  static final Setting<BigDecimal> MAX_DIFFICULTY =
      setting(
          "max_difficulty",
          DIFFICULTY,
          1_000_000_000_000_000L,
          "Highest share difficulty on this port.");
  static final Setting<Boolean> LISTENER_VARDIFF =
      setting(
          "vardiff",
          ValueType.bool(),
          true,
          "Whether the difficulty follows the miner's hashrate.");
  static final Setting<Boolean> ABOVE_NETWORK =
      setting(
          "above_network",
          ValueType.bool(),
          false,
          "Announce difficulties above the network's, to pace a chain where every other hash is a block. Regtest only.");

  static final Setting<Boolean> HEED_SUGGESTIONS =
      setting(
          "heed_suggestions",
          ValueType.bool(),
          true,
          "Whether a miner's `mining.suggest_difficulty` counts. Set it to false on a port for rented hashrate: such clients suggest low values.");
  static final Setting<String> TLS_CERTIFICATE =
      optional(
          "tls_certificate",
          ValueType.path(),
          "PEM file with the certificate and its chain. The port then takes TLS and plain connections; a renewed file is used within a minute, without a restart.");
  static final Setting<String> TLS_KEY =
      optional(
          "tls_key", ValueType.path(), "PEM file with the certificate's private key (PKCS #8).");
  static final Setting<String> PROXY_FROM =
      setting(
          "proxy_protocol_from",
          ValueType.text(0, 1_024),
          "",
          "Addresses or networks, separated by commas (`10.0.0.5, fd00::/8`), whose connections begin with a PROXY protocol header that says where the miner is. Only they may say so.");

  static final Section LISTENER =
      new Section(
          "listener",
          1,
          64,
          "A Stratum port; may stand several times.",
          List.of(
              HOST,
              PORT,
              START_DIFFICULTY,
              MIN_DIFFICULTY,
              MAX_DIFFICULTY,
              LISTENER_VARDIFF,
              ABOVE_NETWORK,
              HEED_SUGGESTIONS,
              TLS_CERTIFICATE,
              TLS_KEY,
              PROXY_FROM));

  // [vardiff] -----------------------------------------------------------------------------------

  static final Setting<Integer> SHARES_PER_MINUTE =
      setting(
          "shares_per_minute",
          ValueType.integer(4, 30),
          12L,
          "Shares per minute and connection the pool aims at. More gives steadier statistics and more traffic.");

  static final Section VARDIFF =
      new Section(
          "vardiff",
          0,
          1,
          "How share difficulty follows a miner's hashrate.",
          List.<Setting<?>>of(SHARES_PER_MINUTE));

  // [jobs] --------------------------------------------------------------------------------------

  static final Setting<Duration> JOB_REFRESH =
      seconds(
          "refresh_seconds",
          10,
          60,
          30,
          "Longest wait of a miner for a new job; many leave after 90 s of silence.");
  static final Setting<Duration> JOB_LIFETIME =
      seconds("lifetime_seconds", 60, 3_600, 600, "How long a job of the current tip earns.");
  static final Setting<Duration> PREVIOUS_TIP =
      seconds(
          "previous_tip_seconds",
          10,
          600,
          60,
          "How long jobs of the previous tip are remembered, so that blocks are recognised and stale shares named rightly.");
  static final Setting<Duration> STALE_GRACE =
      setting(
          "stale_grace_ms",
          ValueType.integer(0, 2_000, Duration::ofMillis),
          0L,
          "How long after a new block a share of the old one is still credited.");
  static final Setting<Duration> EMPTY_FIRST =
      setting(
          "empty_first_ms",
          ValueType.integer(0, 5_000, Duration::ofMillis),
          20L,
          "When the node takes longer than this to make the template of a new tip, miners get work without transactions first, so that they do not go on with the old tip. 0: never.");
  static final Setting<Boolean> WARM_UP =
      setting(
          "warm_up",
          ValueType.bool(),
          true,
          "Send the first template a thousand times over connections of the pool's own at start, so that the code is compiled when the first block comes. Takes about two seconds of processor time.");
  static final Setting<Integer> VERSION_MASK =
      setting(
          "version_mask",
          ValueType.mask(ROLLABLE_BITS),
          "1fffe000",
          "Version bits a miner may roll (BIP 320). Bits 29 to 31 are never granted.");
  static final Setting<Integer> JOBS_PER_CONNECTION =
      setting(
          "max_per_connection",
          ValueType.integer(2, 1_024),
          64L,
          "Jobs remembered for one connection.");

  static final Section JOBS =
      new Section(
          "jobs",
          0,
          1,
          "How often jobs are sent and how long they live.",
          List.of(
              JOB_REFRESH,
              JOB_LIFETIME,
              PREVIOUS_TIP,
              STALE_GRACE,
              EMPTY_FIRST,
              WARM_UP,
              VERSION_MASK,
              JOBS_PER_CONNECTION));

  // [limits] ------------------------------------------------------------------------------------

  static final Setting<Integer> CONNECTIONS =
      count("connections", 1, MILLION, 20_000, "Open connections on all ports together.");
  static final Setting<Integer> CONNECTIONS_PER_IP =
      count(
          "connections_per_ip",
          1,
          MILLION,
          128,
          "Open connections of one address; the machines of a farm share one.");
  static final Setting<Integer> ACCEPTS_PER_SECOND_PER_IP =
      count(
          "accepts_per_second_per_ip",
          1,
          100_000,
          20,
          "New connections of one address per second.");
  static final Setting<Integer> LINE_BYTES =
      count(
          "line_bytes",
          1_024,
          65_536,
          8_192,
          "Longest line a miner may send; a longer one closes the connection.");
  static final Setting<Duration> UNFINISHED_LINE =
      seconds(
          "unfinished_line_seconds", 1, 600, 30, "Longest time a line may stay without its end.");
  static final Setting<Integer> JSON_DEPTH =
      count("json_depth", 4, 64, 8, "Deepest nesting in one message.");
  static final Setting<Integer> JSON_ELEMENTS =
      count("json_elements", 16, 4_096, 64, "Most elements of one array or object.");
  static final Setting<Integer> JSON_STRING_CHARS =
      count("json_string_chars", 256, 65_536, 1_024, "Longest string in one message.");
  static final Setting<Integer> UNSENT_BYTES =
      count(
          "unsent_bytes",
          16_384,
          16_777_216,
          262_144,
          "Most bytes waiting for a slow reader before it is closed.");
  static final Setting<Integer> MESSAGES_BEFORE_SUBSCRIBE =
      count(
          "messages_before_subscribe",
          4,
          1_000,
          20,
          "Messages a connection may send before it subscribed.");
  static final Setting<Integer> MESSAGES_PER_SECOND_BEFORE_SUBSCRIBE =
      count("messages_per_second_before_subscribe", 1, 1_000, 10, "The same per second.");
  static final Setting<Integer> MESSAGES_PER_SECOND =
      count(
          "messages_per_second",
          1,
          100_000,
          50,
          "Steady rate of messages after authorisation; above it the pool stops reading.");
  static final Setting<Integer> MESSAGE_BURST =
      count(
          "message_burst",
          1,
          MILLION,
          400,
          "Messages a miner may send at once above the steady rate.");
  static final Setting<Duration> BACKPRESSURE =
      seconds(
          "backpressure_seconds",
          1,
          3_600,
          60,
          "How long reading may be stopped that way before the connection is closed.");
  static final Setting<Duration> SUBSCRIBE =
      seconds("subscribe_seconds", 1, 600, 15, "Time a new connection has to subscribe.");
  static final Setting<Duration> AUTHORIZE =
      seconds(
          "authorize_seconds",
          1,
          3_600,
          60,
          "Time a new connection has for its first successful authorisation.");
  static final Setting<Duration> IDLE =
      seconds("idle_seconds", 60, 604_800, 7_200, "Longest time without an accepted share.");
  static final Setting<Integer> USERS_PER_CONNECTION =
      count(
          "users_per_connection",
          1,
          65_536,
          256,
          "Users one connection may authorise; proxies authorise many.");
  static final Setting<Integer> FAILED_AUTHORIZES =
      count("failed_authorizes", 1, 1_000, 5, "Failed authorisations that close a connection.");

  static final Setting<Integer> WORKERS_PER_ACCOUNT =
      count(
          "workers_per_account",
          1,
          MILLION,
          10_000,
          "Worker names of one account that are told apart; shares of further ones count as its worker `default`.");

  static final Section LIMITS =
      new Section(
          "limits",
          0,
          1,
          "What a connection may use before it is slowed down or closed.",
          List.of(
              CONNECTIONS,
              CONNECTIONS_PER_IP,
              ACCEPTS_PER_SECOND_PER_IP,
              LINE_BYTES,
              UNFINISHED_LINE,
              JSON_DEPTH,
              JSON_ELEMENTS,
              JSON_STRING_CHARS,
              UNSENT_BYTES,
              MESSAGES_BEFORE_SUBSCRIBE,
              MESSAGES_PER_SECOND_BEFORE_SUBSCRIBE,
              MESSAGES_PER_SECOND,
              MESSAGE_BURST,
              BACKPRESSURE,
              SUBSCRIBE,
              AUTHORIZE,
              IDLE,
              USERS_PER_CONNECTION,
              FAILED_AUTHORIZES,
              WORKERS_PER_ACCOUNT));

  // [[account]] ---------------------------------------------------------------------------------

  static final Setting<String> ACCOUNT_NAME =
      required(
          "name",
          ValueType.form("[A-Za-z0-9_-]{1,64}", "1 to 64 of A-Z a-z 0-9 _ -"),
          "What a miner writes before the first dot of its user name.");
  static final Setting<String> ACCOUNT_ADDRESS =
      required(
          "address",
          ValueType.form("[A-Za-z0-9]{14,90}", "a Bitcoin address of the network"),
          "Where the account's money goes.");

  static final Setting<Long> ACCOUNT_THRESHOLD =
      optional(
          "threshold_sat",
          ValueType.integer(0, Integer.MAX_VALUE, n -> (long) n),
          "Smallest payout the account wants, in satoshi, instead of the pool's.");

  static final Section ACCOUNT =
      new Section(
          "account",
          0,
          10_000,
          "A name miners may use in place of a payout address; may stand several times.",
          List.of(ACCOUNT_NAME, ACCOUNT_ADDRESS, ACCOUNT_THRESHOLD));

  // [wallet] ------------------------------------------------------------------------------------

  static final Setting<String> WALLET_NAME =
      optional(
          "name",
          ValueType.form("[A-Za-z0-9_-]{1,64}", "1 to 64 of A-Z a-z 0-9 _ -"),
          "The node's wallet that `payout.address` belongs to. Without it the pool holds credits but cannot pay them out.");
  static final Setting<Long> WALLET_THRESHOLD =
      setting(
          "threshold_sat",
          ValueType.integer(0, Integer.MAX_VALUE, n -> (long) n),
          100_000L,
          "Smallest credit that is paid out, in satoshi; an account may have its own. Never less than what nodes relay.");
  static final Setting<WalletConfig.FeePayer> WALLET_FEE_PAYER =
      setting(
          "fee_payer",
          ValueType.choice(WalletConfig.FeePayer.class),
          "miners",
          "Who pays the network fee of a payout: `miners`, in proportion to their amounts, or the `pool`, out of its own income. What a later increase costs is always the pool's.");
  static final Setting<Integer> WALLET_FEE_TARGET =
      setting(
          "fee_target_blocks",
          ValueType.integer(1, 1_008),
          144L,
          "Blocks a payout may wait for its confirmation; asked of the node's fee estimate.");
  static final Setting<Integer> WALLET_FEE_MAX =
      setting(
          "fee_max",
          ValueType.integer(1, 10_000),
          50L,
          "Highest fee rate in satoshi per virtual byte. Payouts wait rather than pay more.");
  static final Setting<Integer> WALLET_OUTPUTS =
      setting(
          "max_outputs", ValueType.integer(1, 2_000), 500L, "Most accounts paid in one payout.");
  static final Setting<Duration> WALLET_BUMP =
      setting(
          "bump_after_hours",
          ValueType.integer(1, 720, Duration::ofHours),
          12L,
          "After that time without a confirmation the fee of a payout is raised (BIP 125).");

  static final Section WALLET =
      new Section(
          "wallet",
          0,
          1,
          "How credits are paid out, where the pool holds them (`pplns`).",
          List.of(
              WALLET_NAME,
              WALLET_THRESHOLD,
              WALLET_FEE_PAYER,
              WALLET_FEE_TARGET,
              WALLET_FEE_MAX,
              WALLET_OUTPUTS,
              WALLET_BUMP));

  // [[client]] ----------------------------------------------------------------------------------

  static final Setting<String> CLIENT_PREFIX =
      required(
          "user_agent",
          ValueType.text(1, 128),
          "How the user agent begins, in any case; the first table that fits counts, before the built-in profiles.");
  static final Setting<BigDecimal> CLIENT_START =
      optional("start_difficulty", DIFFICULTY, "Share difficulty to begin with.");
  static final Setting<BigDecimal> CLIENT_FLOOR =
      optional("min_difficulty", DIFFICULTY, "Lowest share difficulty, whatever it asks for.");
  static final Setting<Boolean> CLIENT_FRACTIONS =
      setting(
          "fractions",
          ValueType.bool(),
          false,
          "Whether its firmware understands difficulties below 1.");

  static final Section CLIENT =
      new Section(
          "client",
          0,
          1_000,
          "How to begin with a kind of miner; may stand several times.",
          List.of(CLIENT_PREFIX, CLIENT_START, CLIENT_FLOOR, CLIENT_FRACTIONS));

  // [log] ---------------------------------------------------------------------------------------

  static final Setting<LogConfig.Level> LOG_LEVEL =
      setting(
          "level",
          ValueType.choice(LogConfig.Level.class),
          "info",
          "Least important messages that are written.");
  static final Setting<String> LOG_FILE =
      optional("file", ValueType.path(), "Log file; without it the log goes to standard error.");

  static final Section LOG =
      new Section("log", 0, 1, "What is logged and where.", List.of(LOG_LEVEL, LOG_FILE));

  /** Every section, in the order of the documentation. */
  static final List<Section> ALL =
      List.of(
          TOP,
          BITCOIND,
          FAILOVER,
          PAYOUT,
          PpsKeys.SECTION,
          JOURNAL,
          COINBASE,
          LISTENER,
          VARDIFF,
          JOBS,
          LIMITS,
          ACCOUNT,
          CLIENT,
          WALLET,
          EconomicsKeys.SECTION,
          WebKeys.SECTION,
          AlertKeys.SECTION,
          LOG);

  private static <T> Setting<T> required(String name, ValueType<T> type, String help) {
    return new Setting<>(name, type, null, true, help);
  }

  private static <T> Setting<T> optional(String name, ValueType<T> type, String help) {
    return new Setting<>(name, type, null, false, help);
  }

  private static <T> Setting<T> setting(
      String name, ValueType<T> type, Object fallback, String help) {
    return new Setting<>(name, type, fallback, false, help);
  }

  private static Setting<Integer> count(String name, int min, int max, long fallback, String help) {
    return setting(name, ValueType.integer(min, max), fallback, help);
  }

  private static Setting<Duration> seconds(
      String name, int min, int max, long fallback, String help) {
    return setting(name, ValueType.integer(min, max, Duration::ofSeconds), fallback, help);
  }
}
