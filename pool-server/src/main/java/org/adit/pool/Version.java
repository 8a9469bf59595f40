package org.adit.pool;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which Adit this is. */
public final class Version {
  private static final String FILE = "version.properties";

  private static final int DAY_CHARS = 10;

  private Version() {}

  /** The version, as the build wrote it; {@code unknown} without a build. */
  public static String text() {
    return known("version", "unknown");
  }

  /** The day that stands for the build's time, as 2026-01-01; empty without a build. */
  public static String date() {
    String time = known("time", "");
    return time.substring(0, Math.min(DAY_CHARS, time.length()));
  }

  private static String known(String key, String fallback) {
    Properties known = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(FILE)) {
      if (in != null) {
        known.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the program's " + FILE + " cannot be read", e);
    }
    return known.getProperty(key, fallback);
  }
}
