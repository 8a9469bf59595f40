package org.adit.pool.bitcoind;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.adit.config.Network;
import org.adit.config.RpcCredentials;
import org.jspecify.annotations.Nullable;

/**
 * A private bitcoind of the pool's own, for the demo and for tests: regtest, signet with challenge
 * 51, or a testnet4 without peers. It speaks on loopback only, to nobody but its owner, and ends
 * with this JVM.
 *
 * <p>Not thread-safe but for {@link #isAlive()} and the values that never change.
 */
public final class LocalNode implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration TERM_LIMIT = Duration.ofSeconds(10);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
  private static final Duration CLI_LIMIT = Duration.ofMinutes(2);
  private static final int PORT_ATTEMPTS = 3;
  private static final long POLL_MILLIS = 50;

  private final BitcoindBinaries binaries;
  private final LocalNodeFolder folder;
  private final List<String> options;
  private int rpcPort;
  private int zmqPort;
  private @Nullable RpcClient rpc;
  private volatile @Nullable Process process;
  private @Nullable Thread shutdownHook;

  private LocalNode(BitcoindBinaries binaries, LocalNodeFolder folder, List<String> options) {
    this.binaries = binaries;
    this.folder = folder;
    this.options = options;
  }

  /**
   * Starts a node and waits until it answers. A node an earlier, killed JVM left in the folder is
   * stopped first; the chain found in the folder is continued.
   *
   * @param network any but {@link Network#MAIN}
   * @param folder the node's data folder, created when missing
   * @param options further options for bitcoind, such as {@code -testactivationheight=blake2b@5}
   * @throws IOException when there is no bitcoind, it does not start, or does not answer within a
   *     minute
   * @throws IllegalArgumentException for the main network
   */
  public static LocalNode start(Network network, Path folder, String... options)
      throws IOException {
    if (network == Network.MAIN) {
      throw new IllegalArgumentException(
          "a private node is for test chains (expected: testnet4, signet, regtest)");
    }
    LocalNode node =
        new LocalNode(
            BitcoindBinaries.find(),
            new LocalNodeFolder(network, folder.toAbsolutePath()),
            List.of(options));
    node.folder.prepare();
    node.stopLeftOver();
    IOException failure = null;
    // A port found free may be taken before bitcoind binds it; that shows as an early end, so other
    // ports are tried.
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      node.rpcPort = LocalNodeFolder.freePort();
      node.zmqPort = LocalNodeFolder.freePort();
      try {
        node.launch();
        return node;
      } catch (PortTaken e) {
        failure = e;
      }
    }
    throw failure == null ? new IOException("no attempt was made") : failure;
  }

  /** The node's chain. */
  public Network network() {
    return folder.network();
  }

  /** The node's data folder. */
  public Path folder() {
    return folder.folder();
  }

  /** Where its JSON-RPC listens. */
  public URI rpcUrl() {
    return URI.create("http://127.0.0.1:" + rpcPort);
  }

  /** The cookie it writes at each start. */
  public RpcCredentials credentials() {
    return folder.cookie();
  }

  /** Its ZMQ {@code hashblock} endpoint. */
  public String zmqHashblock() {
    return "tcp://127.0.0.1:" + zmqPort;
  }

  /** A client that stays good over restarts; ends with {@link #close()}. */
  public RpcClient rpc() {
    RpcClient client = rpc;
    if (client == null) {
      client = new RpcClient(rpcUrl(), credentials(), CALL_LIMIT);
      rpc = client;
    }
    return client;
  }

  /** bitcoin-cli with the options that reach this node: add a method and its parameters. */
  public List<String> commandLine() {
    return List.of(binaries.bitcoinCli().toString(), "-datadir=" + folder.folder());
  }

  /**
   * Runs bitcoin-cli on this node.
   *
   * @return what it printed, without the final line end
   * @throws IOException when it fails; the message holds its words
   */
  public String cli(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(commandLine());
    command.addAll(List.of(arguments));
    // A file, not a pipe: its size needs no second reader.
    Path out = Files.createTempFile("bitcoin-cli", ".out");
    try {
      Process cli =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .start();
      if (!waitFor(cli, CLI_LIMIT)) {
        cli.destroyForcibly();
        throw new IOException(
            "bitcoin-cli " + arguments[0] + " did not end within " + CLI_LIMIT.toSeconds() + " s");
      }
      String said = Files.readString(out, StandardCharsets.UTF_8).strip();
      if (cli.exitValue() != 0) {
        throw new IOException(
            "bitcoin-cli "
                + arguments[0]
                + " ended with "
                + cli.exitValue()
                + ": "
                + Printable.of(said));
      }
      return said;
    } finally {
      Files.deleteIfExists(out);
    }
  }

  /** The process id while it runs. */
  public Optional<Long> pid() {
    Process running = process;
    return running != null && running.isAlive() ? Optional.of(running.pid()) : Optional.empty();
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return pid().isPresent();
  }

  /**
   * Starts it again after {@link #stop()} or {@link #kill()}: same folder, same ports, new cookie.
   * A node that finds its files at odds builds its index anew.
   */
  public void startAgain() throws IOException {
    if (isAlive()) {
      throw new IllegalStateException("the node is running; stop it first");
    }
    try {
      launch();
    } catch (IOException e) {
      // A kill may catch it between its block files and their index; it says itself what helps.
      if (!String.valueOf(e.getMessage()).contains("-reindex")) {
        throw e;
      }
      launch("-reindex");
    }
  }

  /**
   * Stops it in an orderly way: by RPC, else by signal, within about 45 s at worst. Harmless when
   * it is down.
   */
  public void stop() {
    Process running = process;
    if (running == null) {
      return;
    }
    if (running.isAlive()) {
      try {
        rpc().call("stop");
      } catch (NodeException e) {
        running.destroy(); // It may be starting, or hang.
      }
      if (!waitFor(running, STOP_LIMIT)) {
        running.destroy();
        if (!waitFor(running, TERM_LIMIT)) {
          end(running);
        }
      }
    }
    forget();
  }

  /** Ends it at once, as a power failure would (SIGKILL). */
  public void kill() {
    Process running = process;
    if (running != null) {
      end(running);
      forget();
    }
  }

  /** Stops the node and ends the client of {@link #rpc()}. The folder stays. */
  @Override
  public void close() {
    stop();
    RpcClient client = rpc;
    if (client != null) {
      client.close();
      rpc = null;
    }
  }

  private void launch(String... once) throws IOException {
    folder.writeConf(rpcPort, zmqPort);
    List<String> command = new ArrayList<>();
    command.add(binaries.bitcoind().toString());
    command.add("-datadir=" + folder.folder());
    command.addAll(options);
    command.addAll(List.of(once));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(folder.output().toFile())
            .start();
    process = started;
    Thread hook =
        new Thread(
            () -> {
              started.destroy();
              if (!waitFor(started, TERM_LIMIT)) {
                started.destroyForcibly();
              }
            },
            "bitcoind-end");
    shutdownHook = hook;
    Runtime.getRuntime().addShutdownHook(hook);
    boolean ready = false;
    try {
      awaitAnswer(started);
      ready = true;
    } finally {
      if (!ready) {
        kill();
      }
    }
  }

  private void awaitAnswer(Process started) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    String last = "no call was made";
    while (System.nanoTime() < deadline) {
      if (!started.isAlive()) {
        String words = folder.lastWords();
        String message =
            "bitcoind ended at once (exit status " + started.exitValue() + "): " + words;
        throw words.contains("bind") || words.contains("HTTP server") || words.contains("ZMQ")
            ? new PortTaken(message)
            : new IOException(message);
      }
      try {
        rpc().call("getblockchaininfo");
        return;
      } catch (NodeException e) {
        last = String.valueOf(e.getMessage());
        pause(started);
      }
    }
    throw new IOException(
        "bitcoind did not become ready within " + START_LIMIT.toSeconds() + " s: " + last);
  }

  private static void pause(Process started) throws IOException {
    try {
      var _ =
          started.waitFor(
              POLL_MILLIS, TimeUnit.MILLISECONDS); // Or until it ends; the caller looks.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while bitcoind was starting", e);
    }
  }

  /** Stops the node of a JVM that was killed; only one that accepts this folder's cookie. */
  private void stopLeftOver() throws IOException {
    Optional<Integer> port = folder.lastRpcPort();
    Path pidFile = folder.chainFolder().resolve("bitcoind.pid");
    if (port.isEmpty() || !Files.exists(pidFile)) {
      return;
    }
    try (RpcClient client =
        new RpcClient(URI.create("http://127.0.0.1:" + port.get()), credentials(), CALL_LIMIT)) {
      String pid = Files.readString(pidFile).strip();
      client.call("stop");
      Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(pid));
      if (handle.isPresent()) {
        handle.get().onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (NodeException | NumberFormatException e) {
      // Nobody there; if somebody is after all, bitcoind's lock on the folder says so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(
          "interrupted while an earlier bitcoind in " + folder.folder() + " was ending", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "an earlier bitcoind in " + folder.folder() + " does not end; stop it by hand", e);
    }
  }

  private void forget() {
    process = null;
    Thread hook = shutdownHook;
    shutdownHook = null;
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is ending; the hook finds the process ended.
      }
    }
  }

  private static void end(Process running) {
    running.destroyForcibly();
    if (!waitFor(running, TERM_LIMIT)) {
      throw new IllegalStateException("bitcoind (process " + running.pid() + ") survives SIGKILL");
    }
  }

  /**
   * Waits through interrupts, which stay noted: a child must not be left behind because somebody is
   * in a hurry.
   */
  private static boolean waitFor(Process running, Duration limit) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return running.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** bitcoind found one of its ports in use. */
  private static final class PortTaken extends IOException {
    private static final long serialVersionUID = 1L;

    PortTaken(String message) {
      super(message);
    }
  }
}
