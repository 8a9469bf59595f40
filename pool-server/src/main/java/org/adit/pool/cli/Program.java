package org.adit.pool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which program this is. */
final class Program implements IVersionProvider {
  private static final String FILE = "version.properties";

  /** The version, as the build wrote it. */
  static String version() {
    Properties known = new Properties();
    try (InputStream in = Program.class.getResourceAsStream(FILE)) {
      if (in != null) {
        known.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the program's " + FILE + " cannot be read", e);
    }
    return known.getProperty("version", "unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"adit " + version()};
  }
}
