package org.adit.accounting.economics;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What machines of a group draw and what power costs them.
 *
 * @param group name for people
 * @param patterns which workers, as {@code ACCOUNT.WORKER} with {@code *} for any text; a name
 *     without a dot stands for the account's nameless worker
 * @param joulesPerTerahash efficiency, positive; empty when it is not known
 * @param pricePerKwh price of power, positive; empty when it is not known
 */
public record PowerProfile(
    String group,
    List<String> patterns,
    OptionalDouble joulesPerTerahash,
    OptionalDouble pricePerKwh) {

  /**
   * Copies the list and checks the numbers.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public PowerProfile {
    patterns = List.copyOf(patterns);
    joulesPerTerahash.ifPresent(value -> Checks.positive("efficiency in J/TH", value));
    pricePerKwh.ifPresent(value -> Checks.positive("price per kWh", value));
  }

  /** Whether a worker is one of the group. */
  public boolean fits(String account, String worker) {
    String user = worker.isEmpty() ? account : account + "." + worker;
    return patterns.stream().anyMatch(pattern -> matches(pattern, user));
  }

  /** Greedy, with one point to go back to: never more than pattern times text steps. */
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
