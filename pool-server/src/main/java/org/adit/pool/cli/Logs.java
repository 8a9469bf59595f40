package org.adit.pool.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
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
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    ch.qos.logback.classic.Logger root =
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(config.level().name(), Level.INFO));
    config
        .file()
        .ifPresent(
            file -> {
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
            });
  }
}
