package org.adit.pool.cli;

import org.adit.pool.Version;
import picocli.CommandLine.IVersionProvider;

/** Which program this is. */
final class Program implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"adit " + Version.text()};
  }
}
