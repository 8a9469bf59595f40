package org.adit.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A text that must not appear in logs, messages or pages: only {@link #reveal()} shows it. */
public final class Secret {
  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** Wraps a secret text. */
  public static Secret of(String text) {
    return new Secret(text);
  }

  /** The text itself, for the one place that has to send it. */
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret s
        && MessageDigest.isEqual(
            text.getBytes(StandardCharsets.UTF_8), s.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Always three stars. */
  @Override
  public String toString() {
    return "***";
  }
}
