package org.adit.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is logged and where.
 *
 * @param level least important level that is written
 * @param file absolute path of the log file; empty: standard error
 */
public record LogConfig(Level level, Optional<Path> file) {

  /** Log levels, from most to least talkative. */
  public enum Level {
    /** Every message on the wire. */
    TRACE,
    /** Decisions. */
    DEBUG,
    /** What an operator wants to know. */
    INFO,
    /** What an operator should look at. */
    WARN,
    /** What an operator must look at. */
    ERROR
  }
}
