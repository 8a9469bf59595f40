package org.adit.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the records from values that were found right.
 *
 * @param paths for the paths among them
 */
record ConfigBuilder(PathResolver paths) {

  PoolConfig build(RawConfig raw) throws ConfigException {
    SectionValues top = raw.one(Settings.TOP);
    return new PoolConfig(
        top.get(Settings.NETWORK),
        paths.resolve(top.get(Settings.DATA_DIR)),
        bitcoinds(raw.all(Settings.BITCOIND)),
        failover(raw.one(Settings.FAILOVER)),
        payout(raw.one(Settings.PAYOUT)),
        pps(raw.one(PpsKeys.SECTION)),
        journal(raw.one(Settings.JOURNAL)),
        new CoinbaseConfig(
            raw.one(Settings.COINBASE).get(Settings.TAG),
            raw.one(Settings.COINBASE).get(Settings.COINBASE_BYTES)),
        raw.all(Settings.LISTENER).stream().map(this::listener).toList(),
        vardiff(raw.one(Settings.VARDIFF)),
        jobs(raw.one(Settings.JOBS)),
        limits(raw.one(Settings.LIMITS)),
        raw.all(Settings.ACCOUNT).stream().map(ConfigBuilder::account).toList(),
        raw.all(Settings.CLIENT).stream().map(ConfigBuilder::client).toList(),
        wallet(raw.one(Settings.WALLET)),
        economics(raw.one(EconomicsKeys.SECTION), raw.all(EconomicsKeys.POWER)),
        web(raw.one(WebKeys.SECTION)),
        alerts(raw.one(AlertKeys.SECTION)),
        log(raw.one(Settings.LOG)));
  }

  private static JournalConfig journal(SectionValues v) {
    return new JournalConfig(v.get(Settings.KEEP_DAYS), v.get(Settings.EVIDENCE));
  }

  private EconomicsConfig economics(SectionValues v, List<SectionValues> groups) {
    return new EconomicsConfig(
        v.get(EconomicsKeys.CURRENCY),
        v.find(EconomicsKeys.PRICE_PER_BTC),
        v.find(EconomicsKeys.PRICE_FILE).map(paths::resolve),
        v.find(EconomicsKeys.POWER_PRICE),
        v.find(EconomicsKeys.EFFICIENCY),
        groups.stream().map(ConfigBuilder::group).toList());
  }

  private static PowerGroupConfig group(SectionValues v) {
    return new PowerGroupConfig(
        v.get(EconomicsKeys.GROUP),
        v.get(EconomicsKeys.GROUP_WORKERS),
        v.find(EconomicsKeys.GROUP_EFFICIENCY),
        v.find(EconomicsKeys.GROUP_POWER_PRICE));
  }

  private List<BitcoindConfig> bitcoinds(List<SectionValues> tables) throws ConfigException {
    List<BitcoindConfig> nodes = new ArrayList<>();
    for (SectionValues table : tables) {
      nodes.add(bitcoind(table));
    }
    return nodes;
  }

  static FailoverConfig failover(SectionValues v) {
    return new FailoverConfig(v.get(Settings.SILENCE), v.get(Settings.COMEBACK));
  }

  private WebConfig web(SectionValues v) {
    return new WebConfig(
        v.get(WebKeys.ENABLED),
        v.get(WebKeys.HOST),
        v.get(WebKeys.PORT),
        v.get(WebKeys.ACCESS),
        v.find(WebKeys.TOKEN_FILE).map(paths::resolve),
        v.get(WebKeys.HOST_NAMES),
        v.get(WebKeys.CORS_ORIGINS),
        v.get(WebKeys.REQUESTS_PER_SECOND),
        v.get(WebKeys.STREAMS),
        v.get(WebKeys.PUBLIC_POOL),
        v.get(WebKeys.NERDMINER));
  }

  private AlertsConfig alerts(SectionValues v) throws ConfigException {
    Optional<Secret> webhookSecret = secret(v, AlertKeys.WEBHOOK_SECRET);
    Optional<Secret> ntfyToken = secret(v, AlertKeys.NTFY_TOKEN);
    Optional<Secret> password = secret(v, AlertKeys.SMTP_PASSWORD);
    return new AlertsConfig(
        v.find(AlertKeys.QUIET),
        v.get(AlertKeys.REPEAT),
        v.get(AlertKeys.HASHRATE_DROP),
        v.get(AlertKeys.REJECTS),
        v.get(AlertKeys.DISK_FREE),
        v.get(AlertKeys.NODE_BEHIND),
        v.get(AlertKeys.WITHHOLDING),
        v.find(AlertKeys.WEBHOOK).map(url -> new AlertsConfig.Webhook(url, webhookSecret)),
        v.find(AlertKeys.NTFY).map(url -> new AlertsConfig.Ntfy(url, ntfyToken)),
        v.find(AlertKeys.SMTP_HOST)
            .map(host ->
                new AlertsConfig.Mail(
                    host,
                    v.get(AlertKeys.SMTP_PORT),
                    v.get(AlertKeys.SMTP_SECURITY),
                    v.find(AlertKeys.SMTP_CA).map(paths::resolve),
                    v.find(AlertKeys.SMTP_USER),
                    password,
                    v.get(AlertKeys.MAIL_FROM),
                    v.get(AlertKeys.MAIL_TO))));
  }

  private Optional<Secret> secret(SectionValues v, Setting<String> file) throws ConfigException {
    Optional<Path> path = v.find(file).map(paths::resolve);
    return path.isEmpty() ? Optional.empty() : Optional.of(Secret.of(firstLine(path.get())));
  }

  private static String firstLine(Path path) throws ConfigException {
    try {
      return SecretFiles.readPassword(path);
    } catch (IOException e) {
      // It could be read a moment ago, when it was checked.
      throw new ConfigException(
          List.of(new ConfigProblem(path.toString(), 0, 0, "", ConfigLoader.reason(e), "")));
    }
  }

  private BitcoindConfig bitcoind(SectionValues v) throws ConfigException {
    return new BitcoindConfig(
        v.get(Settings.RPC_URL),
        credentials(v),
        v.find(Settings.ZMQ_HASHBLOCK).map(URI::toString),
        v.get(Settings.REQUEST_TIMEOUT),
        v.get(Settings.POLL_INTERVAL),
        v.get(Settings.TEMPLATE_REFRESH),
        v.get(Settings.ISOLATED));
  }

  private RpcCredentials credentials(SectionValues v) throws ConfigException {
    if (v.has(Settings.COOKIE_FILE)) {
      return new RpcCredentials.Cookie(paths.resolve(v.get(Settings.COOKIE_FILE)));
    }
    String password;
    if (v.has(Settings.PASSWORD)) {
      password = v.get(Settings.PASSWORD);
    } else {
      password = firstLine(paths.resolve(v.get(Settings.PASSWORD_FILE)));
    }
    return new RpcCredentials.UserPassword(v.get(Settings.RPC_USER), Secret.of(password));
  }

  private static PayoutConfig payout(SectionValues v) {
    return new PayoutConfig(
        v.get(Settings.SCHEME),
        v.find(Settings.PAYOUT_ADDRESS),
        v.get(Settings.FEE_SUBSIDY),
        v.get(Settings.FEE_TXFEES),
        v.find(Settings.WINDOW_UNITS),
        v.get(Settings.UNFILLED),
        v.get(Settings.DIRECT),
        v.get(Settings.DIRECT_MIN));
  }

  private static PpsConfig pps(SectionValues v) {
    return new PpsConfig(
        v.find(PpsKeys.STOP_BELOW),
        v.get(PpsKeys.EVERY),
        v.get(PpsKeys.EXPECTED_FEES),
        v.get(PpsKeys.FEE_BLOCKS));
  }

  private ListenerConfig listener(SectionValues v) {
    return new ListenerConfig(
        v.get(Settings.HOST),
        v.get(Settings.PORT),
        v.get(Settings.START_DIFFICULTY),
        v.get(Settings.MIN_DIFFICULTY),
        v.get(Settings.MAX_DIFFICULTY),
        v.get(Settings.LISTENER_VARDIFF),
        v.get(Settings.ABOVE_NETWORK),
        v.get(Settings.HEED_SUGGESTIONS),
        v.find(Settings.LISTENER_COINBASE),
        v.find(Settings.TLS_CERTIFICATE)
            .flatMap(certificate ->
                v.find(Settings.TLS_KEY)
                    .map(key ->
                        new ListenerConfig.Tls(paths.resolve(certificate), paths.resolve(key)))),
        v.get(Settings.PROXY_FROM));
  }

  private static ClientConfig client(SectionValues v) {
    return new ClientConfig(
        v.get(Settings.CLIENT_PREFIX),
        v.find(Settings.CLIENT_START),
        v.find(Settings.CLIENT_FLOOR),
        v.get(Settings.CLIENT_FRACTIONS),
        v.find(Settings.CLIENT_COINBASE));
  }

  static VardiffConfig vardiff(SectionValues v) {
    return new VardiffConfig(v.get(Settings.SHARES_PER_MINUTE));
  }

  static JobConfig jobs(SectionValues v) {
    return new JobConfig(
        v.get(Settings.JOB_REFRESH),
        v.get(Settings.JOB_LIFETIME),
        v.get(Settings.PREVIOUS_TIP),
        v.get(Settings.STALE_GRACE),
        v.get(Settings.EMPTY_FIRST),
        v.get(Settings.WARM_UP),
        v.get(Settings.VERSION_MASK),
        v.get(Settings.JOBS_PER_CONNECTION));
  }

  static LimitsConfig limits(SectionValues v) {
    return new LimitsConfig(
        v.get(Settings.CONNECTIONS),
        v.get(Settings.CONNECTIONS_PER_IP),
        v.get(Settings.ACCEPTS_PER_SECOND_PER_IP),
        v.get(Settings.LINE_BYTES),
        v.get(Settings.UNFINISHED_LINE),
        v.get(Settings.JSON_DEPTH),
        v.get(Settings.JSON_ELEMENTS),
        v.get(Settings.JSON_STRING_CHARS),
        v.get(Settings.UNSENT_BYTES),
        v.get(Settings.MESSAGES_BEFORE_SUBSCRIBE),
        v.get(Settings.MESSAGES_PER_SECOND_BEFORE_SUBSCRIBE),
        v.get(Settings.MESSAGES_PER_SECOND),
        v.get(Settings.MESSAGE_BURST),
        v.get(Settings.BACKPRESSURE),
        v.get(Settings.SUBSCRIBE),
        v.get(Settings.AUTHORIZE),
        v.get(Settings.IDLE),
        v.get(Settings.USERS_PER_CONNECTION),
        v.get(Settings.FAILED_AUTHORIZES),
        v.get(Settings.WORKERS_PER_ACCOUNT));
  }

  private static AccountConfig account(SectionValues v) {
    return new AccountConfig(
        v.get(Settings.ACCOUNT_NAME),
        v.get(Settings.ACCOUNT_ADDRESS),
        v.find(Settings.ACCOUNT_THRESHOLD));
  }

  static WalletConfig wallet(SectionValues v) {
    return new WalletConfig(
        v.find(Settings.WALLET_NAME),
        v.get(Settings.WALLET_THRESHOLD),
        v.get(Settings.WALLET_FEE_PAYER),
        v.get(Settings.WALLET_FEE_TARGET),
        v.get(Settings.WALLET_FEE_MAX),
        v.get(Settings.WALLET_OUTPUTS),
        v.get(Settings.WALLET_BUMP));
  }

  private LogConfig log(SectionValues v) {
    return new LogConfig(v.get(Settings.LOG_LEVEL), v.find(Settings.LOG_FILE).map(paths::resolve));
  }
}
