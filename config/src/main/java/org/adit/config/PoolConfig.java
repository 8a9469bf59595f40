package org.adit.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Everything the operator can set, checked and immutable. Made by {@link ConfigLoader}; the
 * meaning, default and range of each value stand in {@code docs/configuration.md}.
 *
 * @param network the chain
 * @param dataDir folder of the share journal, the database and the found blocks; absolute
 * @param bitcoinds the nodes, the preferred one first, at least one
 * @param failover when another node takes over
 * @param payout how block rewards are shared
 * @param pps paying by the share
 * @param journal the share journal
 * @param coinbase what the pool writes into its blocks
 * @param listeners the Stratum ports, at least one, in file order
 * @param vardiff how share difficulty follows a miner's hashrate
 * @param jobs how often jobs are sent and how long they live
 * @param limits what one connection may use
 * @param accounts accounts with a fixed payout address, in file order; may be empty
 * @param clients how to begin with kinds of miners
 * @param wallet how credits are paid out
 * @param economics prices and efficiencies for figures shown to people
 * @param web the dashboard and the API
 * @param alerts what is worth an alert and where it goes
 * @param log what is logged and where
 */
public record PoolConfig(
    Network network,
    Path dataDir,
    List<BitcoindConfig> bitcoinds,
    FailoverConfig failover,
    PayoutConfig payout,
    PpsConfig pps,
    JournalConfig journal,
    CoinbaseConfig coinbase,
    List<ListenerConfig> listeners,
    VardiffConfig vardiff,
    JobConfig jobs,
    LimitsConfig limits,
    List<AccountConfig> accounts,
    List<ClientConfig> clients,
    WalletConfig wallet,
    EconomicsConfig economics,
    WebConfig web,
    AlertsConfig alerts,
    LogConfig log) {

  /** Copies the lists. */
  public PoolConfig {
    bitcoinds = List.copyOf(bitcoinds);
    listeners = List.copyOf(listeners);
    accounts = List.copyOf(accounts);
    clients = List.copyOf(clients);
  }

  /** The first node: preferred for templates, and the one whose wallet pays out. */
  public BitcoindConfig bitcoind() {
    return bitcoinds.getFirst();
  }
}
