package org.adit.config;

import java.nio.file.Path;

/** How the pool proves itself to bitcoind. */
public sealed interface RpcCredentials {

  /**
   * The cookie file that bitcoind writes at each start. It is read anew for each login, because the
   * node changes it, and may be missing while the node is down.
   *
   * @param file absolute path
   */
  record Cookie(Path file) implements RpcCredentials {}

  /**
   * A fixed user, as set by bitcoind's {@code rpcauth}.
   *
   * @param user user name
   * @param password its password
   */
  record UserPassword(String user, Secret password) implements RpcCredentials {}
}
