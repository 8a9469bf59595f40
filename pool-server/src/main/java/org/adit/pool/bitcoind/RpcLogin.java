package org.adit.pool.bitcoind;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import org.adit.config.RpcCredentials;
import org.adit.pool.bitcoind.NodeUnavailableException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes the HTTP {@code Authorization} header; a cookie is read once and again after each {@link
 * #forget}.
 */
final class RpcLogin {
  /** bitcoind's cookie is about 75 bytes; anything much longer is some other file. */
  private static final int MAX_COOKIE_BYTES = 4096;

  private final RpcCredentials credentials;
  private volatile @Nullable String header;

  RpcLogin(RpcCredentials credentials) {
    this.credentials = credentials;
  }

  String header() throws NodeUnavailableException {
    String known = header;
    if (known == null) {
      known =
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(userAndPassword().getBytes(StandardCharsets.UTF_8));
      header = known;
    }
    return known;
  }

  /**
   * Drops a header the node refused.
   *
   * @return whether trying again makes sense, because the cookie may have changed
   */
  boolean forget(String refused) {
    if (credentials instanceof RpcCredentials.UserPassword) {
      return false;
    }
    if (refused.equals(header)) {
      header = null;
    }
    return true;
  }

  /** What to look at when the node refuses. */
  String advice() {
    return switch (credentials) {
      case RpcCredentials.Cookie cookie ->
          "does the cookie file " + cookie.file() + " belong to the node at this address?";
      case RpcCredentials.UserPassword user -> "check user and password against the node's rpcauth";
    };
  }

  private String userAndPassword() throws NodeUnavailableException {
    return switch (credentials) {
      case RpcCredentials.Cookie cookie -> readCookie(cookie.file());
      case RpcCredentials.UserPassword user -> user.user() + ":" + user.password().reveal();
    };
  }

  private static String readCookie(Path file) throws NodeUnavailableException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_COOKIE_BYTES + 1);
      String cookie = new String(bytes, StandardCharsets.UTF_8).strip();
      if (bytes.length > MAX_COOKIE_BYTES || cookie.indexOf(':') < 1) {
        throw new NodeUnavailableException(
            Kind.LOGIN_REFUSED,
            "cookie file " + file + " is not one bitcoind wrote (expected: user:password)");
      }
      return cookie;
    } catch (NoSuchFileException e) {
      throw new NodeUnavailableException(
          Kind.UNREACHABLE,
          "cookie file "
              + file
              + " does not exist: bitcoind is not running, or keeps its data elsewhere",
          e);
    } catch (AccessDeniedException e) {
      throw new NodeUnavailableException(
          Kind.LOGIN_REFUSED,
          "cookie file "
              + file
              + " may not be read by this user; start bitcoind with -rpccookieperms=group and share a group, or use"
              + " rpcauth",
          e);
    } catch (IOException e) {
      throw new NodeUnavailableException(
          Kind.UNREACHABLE, "cookie file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
