package org.adit.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntBiFunction;
import org.adit.accounting.Accounts;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.store.StoreException;
import org.adit.config.AccountConfig;
import org.adit.config.PoolConfig;
import org.adit.pool.mining.AuthorizationException;
import org.adit.pool.mining.Worker;
import org.adit.pool.mining.WorkerDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may mine here: accounts the operator named, and any payout address of the network, which is
 * an account by itself. Thread-safe.
 */
final class PoolWorkers implements WorkerDirectory, AutoCloseable {
  private static final String DEFAULT_WORKER = "default";
  private static final Logger LOG = LoggerFactory.getLogger(PoolWorkers.class);

  private record Key(String account, String name) {}

  private final AddressNetwork network;
  private final ToIntBiFunction<String, String> register;
  private final @Nullable Accounts accounts;
  private volatile Map<String, byte[]> named = Map.of();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final Map<Key, Worker> known = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> namesOf = new ConcurrentHashMap<>();
  private final int namesPerAccount;
  private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A directory with the accounts of the configuration file only.
   *
   * @param register makes (account, worker) known to accounting, durable on return
   */
  PoolWorkers(PoolConfig config, ToIntBiFunction<String, String> register) throws AddressException {
    this(config, register, null);
  }

  /** Takes the accounts of the configuration file into the books and reads all of them. */
  PoolWorkers(PoolConfig config, PoolAccounting accounting) throws AddressException {
    this(config, accounting::registerWorker, accounting.accounts());
  }

  private PoolWorkers(
      PoolConfig config, ToIntBiFunction<String, String> register, @Nullable Accounts accounts)
      throws AddressException {
    this.network = Addresses.networkOf(config.network());
    this.register = register;
    this.namesPerAccount = config.limits().workersPerAccount();
    this.accounts = accounts;
    Map<String, byte[]> scripts = new HashMap<>();
    List<Accounts.Configured> configured = new ArrayList<>();
    for (AccountConfig account : config.accounts()) {
      PayoutAddress address = PayoutAddress.parse(network, account.address());
      scripts.put(account.name(), address.scriptPubKey());
      configured.add(
          new Accounts.Configured(
              account.name(),
              address,
              account.thresholdSat().map(OptionalLong::of).orElseGet(OptionalLong::empty)));
    }
    if (accounts == null) {
      named = scripts;
    } else {
      accounts.configure(configured);
      named = read(accounts);
    }
  }

  /** Learns of accounts the operator added or changed meanwhile; returns at once. */
  void refresh() {
    Accounts source = accounts;
    if (source != null && !disk.isShutdown() && refreshing.compareAndSet(false, true)) {
      disk.execute(() -> {
        try {
          named = read(source);
        } catch (AddressException | StoreException e) {
          LOG.warn("accounts could not be read again: {}", e.getMessage());
        } finally {
          refreshing.set(false);
        }
      });
    }
  }

  private Map<String, byte[]> read(Accounts source) throws AddressException {
    Map<String, byte[]> scripts = new HashMap<>();
    for (Accounts.Account account : source.list()) {
      if (account.address().isPresent()) {
        scripts.put(
            account.name(), PayoutAddress.parse(network, account.address().get()).scriptPubKey());
      }
    }
    return scripts;
  }

  @Override
  public String account(String accountOrAddress) throws AuthorizationException {
    if (named.containsKey(accountOrAddress)) {
      return accountOrAddress;
    }
    try {
      return PayoutAddress.parse(network, accountOrAddress).text();
    } catch (AddressException e) {
      throw new AuthorizationException(
          "user is neither an account of this pool nor a payout address: " + e.getMessage());
    }
  }

  /** Script that pays an account. */
  byte[] payoutScript(String account) {
    byte[] script = named.get(account);
    if (script != null) {
      return script;
    }
    try {
      return PayoutAddress.parse(network, account).scriptPubKey();
    } catch (AddressException e) {
      throw new IllegalArgumentException("account has no payout address", e);
    }
  }

  /** The same; null when the account has no address, as the reserve. */
  byte @Nullable [] payoutScriptOrNull(String account) {
    try {
      return payoutScript(account);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public Optional<Worker> known(String account, String workerName) {
    return Optional.ofNullable(known.get(new Key(account, workerName)));
  }

  @Override
  public CompletionStage<Worker> enlist(String account, String workerName) {
    return CompletableFuture.supplyAsync(() -> register(account, workerName), disk);
  }

  // Anybody may make names up under any address: each is a row that stays. Beyond the bound a new
  // name counts as the account's default worker, so that it is paid all the same.
  private Worker register(String account, String workerName) {
    AtomicInteger names = namesOf.computeIfAbsent(account, key -> new AtomicInteger());
    boolean room = names.incrementAndGet() <= namesPerAccount;
    String name = room ? workerName : DEFAULT_WORKER;
    Worker worker = new Worker(account, name, register.applyAsInt(account, name));
    if (room || name.equals(workerName)) {
      known.put(new Key(account, workerName), worker);
    }
    return worker;
  }

  @Override
  public void close() {
    disk.shutdownNow();
  }
}
