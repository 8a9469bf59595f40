package org.adit.pool.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.adit.config.LogConfig;
import org.slf4j.LoggerFactory;

/** Sets the log up as the configuration file says. */
final class Logs {
  // As in logback.xml: line ends inside a message are taken out.
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %-16.16logger{0}"
          + " %replace(%msg){'[\\p{Cntrl}]+', ' '}%n%xEx{8}";

  private Logs() {}

  static void apply(LogConfig config) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.setLevel(Level.toLevel(config.level().name(), Level.INFO));
      config.file().ifPresent(file -> addFile(context, root, file));
    }
  }

  /**
   * Sends the log to a file, so that it does not run through a picture on the terminal.
   *
   * @param quiet keep even warnings off standard error
   */
  static void toFile(Path file, boolean quiet) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      Appender<ILoggingEvent> console = root.getAppender("STDERR");
      if (console != null) {
        ThresholdFilter filter = new ThresholdFilter();
        filter.setLevel(quiet ? "OFF" : "WARN");
        filter.start();
        console.addFilter(filter);
      }
      addFile(context, root, file);
    }
  }

  private static void addFile(LoggerContext context, Logger root, Path file) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.start();
    root.addAppender(appender);
  }
}
