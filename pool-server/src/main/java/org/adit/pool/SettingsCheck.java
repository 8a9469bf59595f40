package org.adit.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.config.AccountConfig;
import org.adit.config.ConfigPosition;
import org.adit.config.ConfigPositions;
import org.adit.config.ConfigProblem;
import org.adit.config.ListenerConfig;
import org.adit.config.LoadedConfig;
import org.adit.config.PoolConfig;
import org.adit.pool.stratum.AddressSet;

/**
 * Checks what the loader cannot know: whether addresses belong to the network, ports are free, the
 * data folder takes files. Each problem names the place in the file.
 */
public final class SettingsCheck {
  private final PoolConfig config;
  private final ConfigPositions positions;
  private final List<ConfigProblem> problems = new ArrayList<>();

  private SettingsCheck(LoadedConfig loaded) {
    this.config = loaded.config();
    this.positions = loaded.positions();
  }

  /**
   * All problems, in the order of the checks; empty when the pool can start with these settings.
   */
  public static List<ConfigProblem> run(LoadedConfig loaded) {
    SettingsCheck check = new SettingsCheck(loaded);
    check.addresses();
    check.ports();
    check.dataFolder();
    return List.copyOf(check.problems);
  }

  private void addresses() {
    config.payout().address().ifPresent(text -> address("payout.address", text));
    for (int i = 0; i < config.accounts().size(); i++) {
      AccountConfig account = config.accounts().get(i);
      address("account[" + i + "].address", account.address());
    }
  }

  private void address(String key, String text) {
    AddressNetwork network = Addresses.networkOf(config.network());
    try {
      PayoutAddress.parse(network, text);
    } catch (AddressException e) {
      problem(
          key,
          String.valueOf(e.getMessage()),
          "an address of the "
              + config.network().name().toLowerCase(java.util.Locale.ROOT)
              + " network");
    }
  }

  private void ports() {
    for (int i = 0; i < config.listeners().size(); i++) {
      ListenerConfig listener = config.listeners().get(i);
      try {
        AddressSet.parse(listener.proxyProtocolFrom());
      } catch (IllegalArgumentException e) {
        problem(
            "listener[" + i + "].proxy_protocol_from",
            String.valueOf(e.getMessage()),
            "addresses or networks, such as 10.0.0.5, fd00::/8");
      }
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(listener.host()), listener.port()));
      } catch (IOException e) {
        problem(
            "listener[" + i + "].port",
            "cannot listen on "
                + listener.host()
                + " port "
                + listener.port()
                + ": "
                + e.getMessage(),
            "an address of this machine and a port no other program uses");
      }
    }
  }

  private void dataFolder() {
    Path folder = config.dataDir();
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, ".write-", ".probe");
      Files.delete(probe);
    } catch (IOException e) {
      problem(
          "data_dir",
          "cannot write to " + folder + ": " + e,
          "a folder this user can create files in");
    }
  }

  private void problem(String key, String message, String allowed) {
    ConfigPosition at = positions.at(key);
    problems.add(
        new ConfigProblem(positions.file(), at.line(), at.column(), key, message, allowed));
  }
}
