package org.adit.pool;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.config.ClientConfig;
import org.adit.config.LimitsConfig;
import org.adit.config.ListenerConfig;
import org.adit.config.PoolConfig;
import org.adit.hasher.Difficulty;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.recall.Recall;
import org.adit.pool.stratum.AddressSet;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.StratumLimits;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobFactory;
import org.jspecify.annotations.Nullable;

/** Makes of the settings what the pool's parts are built from. */
final class Parts {
  /** By this port NerdMiner firmware knows a pool of the home network. */
  private static final int NERDMINER_PORT = 2_018;

  private Parts() {}

  /**
   * The maker of jobs, paying whom the settings say.
   *
   * @throws AddressException when the pool's address is not of the network
   */
  static JobFactory jobFactory(
      PoolConfig config,
      SchemeKind scheme,
      PoolWorkers workers,
      @Nullable DirectCoinbase direct,
      Recall recall,
      Clock clock,
      SecureRandom random)
      throws AddressException {
    byte[] poolScript = null;
    if (config.payout().address().isPresent()) {
      poolScript =
          PayoutAddress.parse(
                  Addresses.networkOf(config.network()), config.payout().address().get())
              .scriptPubKey();
    }
    CoinbasePolicy policy;
    if (scheme.paysFinder()) {
      policy = PoolCoinbase.solo(workers::payoutScript, PayRules.fee(config.payout()), poolScript);
    } else if (direct != null) {
      policy = direct;
    } else if (poolScript != null) {
      policy = PoolCoinbase.custodial(poolScript);
    } else {
      throw new IllegalArgumentException(
          "payout.address is missing (expected: the pool's address)");
    }
    // Ids begin at the time in milliseconds times 4096, so that no run repeats those of another.
    AtomicLong ids = new AtomicLong(Math.max(clock.millis() << 12, recall.newestJobId() + 1));
    AtomicInteger salts = new AtomicInteger(random.nextInt());
    return new JobFactory(
        policy,
        config.coinbase().tag(),
        config.jobs().versionMask(),
        ids::getAndIncrement,
        salts::getAndIncrement,
        clock,
        recall::created);
  }

  static List<ListenerSettings> listeners(PoolConfig config) {
    List<ListenerSettings> listeners = new ArrayList<>();
    for (ListenerConfig listener : config.listeners()) {
      listeners.add(
          new ListenerSettings(
              listener.host(),
              listener.port(),
              Difficulty.of(listener.startDifficulty()),
              Difficulty.of(listener.minDifficulty()),
              Difficulty.of(listener.maxDifficulty()),
              listener.vardiff(),
              config.vardiff().sharesPerMinute() / 60.0,
              listener.aboveNetwork(),
              listener.heedSuggestions(),
              listener.coinbaseBytes().map(CoinbaseClass::within),
              listener
                  .tls()
                  .map(files -> new ListenerSettings.Tls(files.certificate(), files.key())),
              AddressSet.parse(listener.proxyProtocolFrom())));
    }
    if (config.web().nerdminer()) {
      listeners.add(listeners.getFirst().withPort(NERDMINER_PORT));
    }
    return listeners;
  }

  static List<ClientProfile> profiles(List<ClientConfig> clients) {
    return clients.stream()
        .map(client ->
            new ClientProfile(
                client.userAgent().toLowerCase(Locale.ROOT),
                client.startDifficulty().map(Difficulty::of),
                client.minDifficulty().map(Difficulty::of),
                client.fractions(),
                client.coinbaseBytes().map(CoinbaseClass::within)))
        .toList();
  }

  static StratumLimits limits(LimitsConfig limits) {
    return new StratumLimits(
        limits.lineBytes(),
        limits.unfinishedLine().toMillis(),
        limits.unsentBytes(),
        limits.messagesBeforeSubscribe(),
        limits.messagesPerSecondBeforeSubscribe(),
        limits.messagesPerSecond(),
        limits.messageBurst(),
        limits.backpressure().toMillis(),
        limits.subscribe().toMillis(),
        limits.authorize().toMillis(),
        limits.idle().toMillis(),
        limits.usersPerConnection(),
        limits.failedAuthorizes(),
        limits.connections(),
        limits.connectionsPerIp(),
        limits.acceptsPerSecondPerIp(),
        limits.jsonDepth(),
        limits.jsonElements(),
        limits.jsonStringChars());
  }
}
