package org.adit.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntBiFunction;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.config.AccountConfig;
import org.adit.config.PoolConfig;
import org.adit.pool.mining.AuthorizationException;
import org.adit.pool.mining.Worker;
import org.adit.pool.mining.WorkerDirectory;

/**
 * Who may mine here: accounts the operator named, and any payout address of the network, which is
 * an account by itself. Thread-safe.
 */
final class PoolWorkers implements WorkerDirectory, AutoCloseable {
  private static final String DEFAULT_WORKER = "default";

  private record Key(String account, String name) {}

  private final AddressNetwork network;
  private final ToIntBiFunction<String, String> register;
  private final Map<String, byte[]> named = new HashMap<>();
  private final Map<Key, Worker> known = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> namesOf = new ConcurrentHashMap<>();
  private final int namesPerAccount;
  private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param register makes (account, worker) known to accounting, durable on return
   */
  PoolWorkers(PoolConfig config, ToIntBiFunction<String, String> register) throws AddressException {
    this.network = Addresses.networkOf(config.network());
    this.register = register;
    this.namesPerAccount = config.limits().workersPerAccount();
    for (AccountConfig account : config.accounts()) {
      named.put(account.name(), PayoutAddress.parse(network, account.address()).scriptPubKey());
    }
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
