package org.adit.pool.stratum.v1;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user of {@code mining.authorize}: {@code account-or-address[.worker]}, split at the first dot
 * (Stratum V1 specification 2.6).
 *
 * @param account as received, printable ASCII
 * @param worker only letters, digits and {@code _ . : -}, 1 to 64 of them
 */
record UserName(String account, String worker) {
  private static final int MAX_LENGTH = 160;
  private static final int MAX_WORKER = 64;
  private static final String DEFAULT_WORKER = "default";

  /** Empty when this cannot be a user name at all. */
  static Optional<UserName> parse(@Nullable String user) {
    if (user == null || user.isEmpty() || user.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    int dot = user.indexOf('.');
    String account = dot < 0 ? user : user.substring(0, dot);
    if (account.isEmpty() || !account.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      return Optional.empty();
    }
    return Optional.of(new UserName(account, sanitise(dot < 0 ? "" : user.substring(dot + 1))));
  }

  private static String sanitise(String worker) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < worker.length() && out.length() < MAX_WORKER; i++) {
      char c = worker.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter || (c >= '0' && c <= '9') || "_.:-".indexOf(c) >= 0) {
        out.append(c);
      }
    }
    return out.isEmpty() ? DEFAULT_WORKER : out.toString();
  }
}
