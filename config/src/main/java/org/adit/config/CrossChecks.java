package org.adit.config;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What keys mean together. A rule is judged only when the values it needs were themselves right, so
 * that one mistake gives one problem.
 */
final class CrossChecks {
  /** 255 bytes less commitment, two outputs of the longest kind and everything around them. */
  private static final int TAG_BESIDE_TWO_OUTPUTS = 48;

  private final RawConfig raw;
  private final Problems problems;
  private final PathResolver paths;
  private final boolean worldReadable;
  private final boolean complete;

  CrossChecks(
      RawConfig raw,
      Problems problems,
      PathResolver paths,
      boolean worldReadable,
      boolean complete) {
    this.raw = raw;
    this.problems = problems;
    this.paths = paths;
    this.worldReadable = worldReadable;
    this.complete = complete;
  }

  void run() {
    Optional<Network> network = raw.one(Settings.TOP).find(Settings.NETWORK);
    checkNodes(network);
    checkPayout(raw.one(Settings.PAYOUT));
    checkTag(raw.one(Settings.PAYOUT), raw.one(Settings.COINBASE));
    checkUnsent(raw.one(Settings.LIMITS));
    checkPps(raw.one(Settings.PAYOUT), raw.one(PpsKeys.SECTION));
    checkListeners(network);
    checkAccounts();
    checkPowerGroups();
    checkAlerts(raw.one(AlertKeys.SECTION));
  }

  private void checkNodes(Optional<Network> network) {
    Map<URI, String> nodes = new HashMap<>();
    for (SectionValues node : raw.all(Settings.BITCOIND)) {
      if (node.fromFile()) {
        checkCredentials(node);
      }
      if (network.equals(Optional.of(Network.MAIN)) && node.find(Settings.ISOLATED).orElse(false)) {
        problems.add(
            node.key(Settings.ISOLATED), "a node without peers is of no use on main", "false");
      }
      Optional<URI> url = node.find(Settings.RPC_URL);
      String other = url.isPresent() ? nodes.putIfAbsent(url.get(), node.path()) : null;
      if (other != null) {
        problems.add(
            node.key(Settings.RPC_URL), "is the node of " + other + " again", "each node once");
      }
    }
  }

  private void checkCredentials(SectionValues node) {
    boolean cookie = node.has(Settings.COOKIE_FILE);
    boolean user = node.has(Settings.RPC_USER);
    boolean file = node.has(Settings.PASSWORD_FILE);
    boolean inline = node.has(Settings.PASSWORD);
    String ways = "cookie_file; or user with password_file or password";
    if (cookie && (user || file || inline)) {
      problems.add(
          node.key(Settings.COOKIE_FILE),
          "stands beside user or password; one way to log in is enough",
          ways);
    } else if (file && inline) {
      problems.add(
          node.key(Settings.PASSWORD), "stands beside password_file; one password is enough", ways);
    } else if (!cookie && user && !file && !inline && complete) {
      problems.add(node.key(Settings.RPC_USER), "has no password", ways);
    } else if (!cookie && !user && (file || inline) && complete) {
      problems.add(
          node.key(file ? Settings.PASSWORD_FILE : Settings.PASSWORD), "has no user", ways);
    } else if (!cookie && !user && complete) {
      problems.add(node.path(), "says no way to log in", ways);
    }
    if (inline && worldReadable) {
      problems.add(
          node.key(Settings.PASSWORD),
          "stands in a file that everybody on this machine may read",
          "chmod 640 or 600 on the configuration file, or password_file");
    }
    checkFiles(node);
  }

  private void checkFiles(SectionValues node) {
    Optional<Path> passwordFile = node.find(Settings.PASSWORD_FILE).map(paths::resolve);
    if (passwordFile.isPresent()) {
      try {
        SecretFiles.readPassword(passwordFile.get());
      } catch (IOException e) {
        problems.add(
            node.key(Settings.PASSWORD_FILE),
            ConfigLoader.reason(e),
            "a file only its owner may read, the password in its first line");
      }
    }
    Optional<Path> cookie = node.find(Settings.COOKIE_FILE).map(paths::resolve);
    if (cookie.isPresent() && Files.isDirectory(cookie.get())) {
      problems.add(node.key(Settings.COOKIE_FILE), "is a folder", "the file .cookie in it");
    }
  }

  private void checkPayout(SectionValues payout) {
    Optional<PayoutConfig.Scheme> scheme = payout.find(Settings.SCHEME);
    boolean custodial = scheme.map(PayoutConfig.Scheme::isCustodial).orElse(false);
    boolean window = scheme.map(PayoutConfig.Scheme::hasWindow).orElse(false);
    String name = scheme.map(s -> s.name().toLowerCase(Locale.ROOT)).orElse("");
    boolean fee = hasFee(payout);
    if (complete && (custodial || fee) && !payout.has(Settings.PAYOUT_ADDRESS)) {
      problems.add(
          payout.key(Settings.PAYOUT_ADDRESS),
          custodial
              ? "is missing; " + name + " pays blocks to the pool"
              : "is missing; the fee needs somewhere to go",
          Settings.PAYOUT_ADDRESS.type().allowed());
    }
    if (complete && window && !payout.has(Settings.WINDOW_UNITS)) {
      problems.add(
          payout.key(Settings.WINDOW_UNITS),
          "is missing; " + name + " needs the length of its window",
          Settings.WINDOW_UNITS.type().allowed());
    }
    if (scheme.isPresent() && !window && payout.has(Settings.WINDOW_UNITS)) {
      problems.add(
          payout.key(Settings.WINDOW_UNITS),
          scheme.get() == PayoutConfig.Scheme.TIDES
              ? "is not yours to choose with tides, whose window is 8"
              : "means nothing with " + name,
          "only with pplns, pplns_work or pps_plus");
    }
    if (scheme.isPresent()
        && !scheme.get().canPayInCoinbase()
        && payout.find(Settings.DIRECT).orElse(false)) {
      problems.add(
          payout.key(Settings.DIRECT),
          scheme.get() == PayoutConfig.Scheme.SOLO
              ? "means nothing with solo, which pays its finder in the coinbase anyway"
              : "cannot be with " + name,
          "only with pplns, pplns_work or tides");
    }
    if (scheme.equals(Optional.of(PayoutConfig.Scheme.PROP))
        && payout.find(Settings.UNFILLED).equals(Optional.of(PayoutConfig.Unfilled.RESERVE))) {
      problems.add(
          payout.key(Settings.UNFILLED),
          "means nothing with prop, whose round is always full",
          "scale");
    }
  }

  /** The smallest devices keep 255 bytes of a coinbase, also of one that pays finder and pool. */
  private void checkTag(SectionValues payout, SectionValues coinbase) {
    boolean twoOutputs =
        payout.find(Settings.SCHEME).equals(Optional.of(PayoutConfig.Scheme.SOLO))
            && hasFee(payout);
    if (twoOutputs && coinbase.find(Settings.TAG).orElse("").length() > TAG_BESIDE_TWO_OUTPUTS) {
      problems.add(
          coinbase.key(Settings.TAG),
          "leaves too little room; with solo and a fee the coinbase has two outputs, and the"
              + " smallest miners take 255 bytes of it",
          "at most " + TAG_BESIDE_TWO_OUTPUTS + " characters");
    }
  }

  /**
   * A job carries its coinbase as hex; one on its way and one behind it must not look like a jam.
   */
  private void checkUnsent(SectionValues limits) {
    int needed = 4 * raw.one(Settings.COINBASE).find(Settings.COINBASE_BYTES).orElse(0);
    if (raw.one(Settings.PAYOUT).find(Settings.DIRECT).orElse(false)
        && limits.find(Settings.UNSENT_BYTES).orElse(needed) < needed) {
      problems.add(
          limits.key(Settings.UNSENT_BYTES),
          "is less than two jobs whose coinbases pay miners, so that every miner of long ones would"
              + " be taken for a slow reader",
          "at least four times coinbase.max_bytes, " + needed);
    }
  }

  private static boolean hasFee(SectionValues payout) {
    return payout.find(Settings.FEE_SUBSIDY).orElse(0) > 0
        || payout.find(Settings.FEE_TXFEES).orElse(0) > 0;
  }

  /** An operator who can be ruined by a scheme says so twice: by its name and by its limit. */
  private void checkPps(SectionValues payout, SectionValues pps) {
    Optional<PayoutConfig.Scheme> scheme = payout.find(Settings.SCHEME);
    boolean byShare = scheme.map(PayoutConfig.Scheme::paysByShare).orElse(false);
    if (complete && byShare && !pps.has(PpsKeys.STOP_BELOW)) {
      problems.add(
          pps.key(PpsKeys.STOP_BELOW),
          "is missing; with "
              + scheme.get().name().toLowerCase(Locale.ROOT)
              + " the pool pays for shares out of a reserve, and must stop before it is empty",
          PpsKeys.STOP_BELOW.type().allowed());
    }
    if (scheme.isPresent() && !byShare && pps.has(PpsKeys.STOP_BELOW)) {
      problems.add(
          pps.key(PpsKeys.STOP_BELOW),
          "means nothing with " + scheme.get().name().toLowerCase(Locale.ROOT),
          "only with pps, pps_plus or fpps");
    }
  }

  private void checkListeners(Optional<Network> network) {
    Map<Integer, Map<String, String>> hostsByPort = new HashMap<>();
    for (SectionValues listener : raw.all(Settings.LISTENER)) {
      checkDifficulties(listener);
      checkTls(listener);
      if (network.isPresent()
          && network.get() != Network.REGTEST
          && listener.find(Settings.ABOVE_NETWORK).orElse(false)) {
        problems.add(
            listener.key(Settings.ABOVE_NETWORK),
            "would lose blocks on " + network.get().configName(),
            "false");
      }
      Optional<Integer> port = listener.find(Settings.PORT);
      Optional<String> host = listener.find(Settings.HOST);
      if (port.isPresent() && port.get() != 0 && host.isPresent()) {
        Map<String, String> hosts = hostsByPort.computeIfAbsent(port.get(), p -> new HashMap<>());
        checkFree(listener, host.get().toLowerCase(Locale.ROOT), hosts);
      }
    }
  }

  private void checkTls(SectionValues listener) {
    boolean certificate = listener.has(Settings.TLS_CERTIFICATE);
    if (complete && certificate != listener.has(Settings.TLS_KEY)) {
      problems.add(
          listener.key(certificate ? Settings.TLS_CERTIFICATE : Settings.TLS_KEY),
          "stands alone",
          "tls_certificate and tls_key together");
    }
  }

  private void checkFree(SectionValues listener, String host, Map<String, String> hosts) {
    for (Map.Entry<String, String> other : hosts.entrySet()) {
      if (other.getKey().equals(host) || isWildcard(other.getKey()) || isWildcard(host)) {
        problems.add(
            listener.key(Settings.PORT),
            "is taken by " + other.getValue(),
            "each port once per address");
        return;
      }
    }
    hosts.put(host, listener.path());
  }

  private static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  private void checkDifficulties(SectionValues listener) {
    Optional<BigDecimal> min = listener.find(Settings.MIN_DIFFICULTY);
    Optional<BigDecimal> start = listener.find(Settings.START_DIFFICULTY);
    Optional<BigDecimal> max = listener.find(Settings.MAX_DIFFICULTY);
    checkOrder(listener, Settings.MIN_DIFFICULTY, min, Settings.START_DIFFICULTY, start);
    checkOrder(listener, Settings.START_DIFFICULTY, start, Settings.MAX_DIFFICULTY, max);
  }

  /** Points at the key the operator wrote, when only one of the two is in the file. */
  private void checkOrder(
      SectionValues listener,
      Setting<BigDecimal> low,
      Optional<BigDecimal> lowValue,
      Setting<BigDecimal> high,
      Optional<BigDecimal> highValue) {
    if (lowValue.isEmpty()
        || highValue.isEmpty()
        || lowValue.get().compareTo(highValue.get()) <= 0) {
      return;
    }
    if (listener.has(high)) {
      problems.add(
          listener.key(high),
          "is below " + low.name(),
          "at least " + lowValue.get().toPlainString());
    } else {
      problems.add(
          listener.key(low),
          "is above " + high.name(),
          "at most " + highValue.get().toPlainString());
    }
  }

  private void checkAlerts(SectionValues alerts) {
    boolean mail = alerts.has(AlertKeys.SMTP_HOST);
    for (Setting<String> needed : List.of(AlertKeys.MAIL_FROM, AlertKeys.MAIL_TO)) {
      if (complete && mail != alerts.has(needed)) {
        problems.add(
            alerts.key(needed),
            mail ? "is missing; mail needs it" : "means nothing without smtp_host",
            needed.type().allowed());
      }
    }
    if (complete && alerts.has(AlertKeys.SMTP_USER) != alerts.has(AlertKeys.SMTP_PASSWORD)) {
      problems.add(
          alerts.key(AlertKeys.SMTP_USER), "stands alone", "smtp_user and smtp_password_file");
    }
    Optional<Path> authorities = alerts.find(AlertKeys.SMTP_CA).map(paths::resolve);
    if (authorities.isPresent() && !Files.isReadable(authorities.get())) {
      problems.add(
          alerts.key(AlertKeys.SMTP_CA),
          "does not exist or may not be read by this user",
          "a file of PEM certificates");
    }
    for (Setting<String> secret :
        List.of(AlertKeys.WEBHOOK_SECRET, AlertKeys.NTFY_TOKEN, AlertKeys.SMTP_PASSWORD)) {
      Optional<Path> file = alerts.find(secret).map(paths::resolve);
      if (file.isPresent()) {
        try {
          SecretFiles.readPassword(file.get());
        } catch (IOException e) {
          problems.add(
              alerts.key(secret),
              ConfigLoader.reason(e),
              "a file only its owner may read, the secret in its first line");
        }
      }
    }
  }

  private void checkAccounts() {
    Set<String> names = new HashSet<>();
    List<SectionValues> accounts = raw.all(Settings.ACCOUNT);
    for (SectionValues account : accounts) {
      Optional<String> name = account.find(Settings.ACCOUNT_NAME);
      if (name.isPresent() && !names.add(name.get())) {
        problems.add(account.key(Settings.ACCOUNT_NAME), "stands twice", "each name once");
      }
    }
  }

  private void checkPowerGroups() {
    Set<String> names = new HashSet<>(Set.of(PowerGroupConfig.OTHERS));
    for (SectionValues group : raw.all(EconomicsKeys.POWER)) {
      Optional<String> name = group.find(EconomicsKeys.GROUP);
      if (name.isPresent() && !names.add(name.get())) {
        problems.add(
            group.key(EconomicsKeys.GROUP),
            "stands twice, or is " + PowerGroupConfig.OTHERS,
            "each name once; " + PowerGroupConfig.OTHERS + " are the workers no group fits");
      }
    }
  }
}
