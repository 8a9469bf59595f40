package org.adit.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;

/**
 * What is worth an alert and where alerts go besides log and dashboard.
 *
 * @param quiet hours of the day, UTC, in which only critical alerts leave the house
 * @param repeat the same alert does not go out again within that time
 * @param hashrateDropPercent fall of the pool's hashrate below its usual one
 * @param rejectPercent part of refused shares of a worker or the pool within an hour
 * @param diskFreePercent free space of the data folder's disk
 * @param nodeBehind how long a node may be away or behind
 * @param withholdingPpm chance of a false alarm per worker and look, in millionths
 * @param webhook where to post
 * @param ntfy where to publish
 * @param mail where to send mail
 */
public record AlertsConfig(
    Optional<Quiet> quiet,
    Duration repeat,
    int hashrateDropPercent,
    int rejectPercent,
    int diskFreePercent,
    Duration nodeBehind,
    int withholdingPpm,
    Optional<Webhook> webhook,
    Optional<Ntfy> ntfy,
    Optional<Mail> mail) {

  /**
   * A span of the day, over midnight when it ends before it begins.
   *
   * @param from begin, UTC
   * @param to end, UTC, not included
   */
  public record Quiet(LocalTime from, LocalTime to) {
    /** Whether a time of the day lies within. */
    public boolean holds(LocalTime time) {
      return from.isBefore(to)
          ? !time.isBefore(from) && time.isBefore(to)
          : !time.isBefore(from) || time.isBefore(to);
    }
  }

  /**
   * A JSON post for each alert.
   *
   * @param secret key of the HMAC-SHA256 signature
   */
  public record Webhook(URI url, Optional<Secret> secret) {}

  /**
   * A topic of an ntfy server.
   *
   * @param url with the topic
   * @param token of the server, if it wants one
   */
  public record Ntfy(URI url, Optional<Secret> token) {}

  /** How the connection to the mail server is protected. */
  public enum MailSecurity {
    /** TLS after a plain greeting, and no mail without it. */
    STARTTLS,
    /** TLS from the first byte. */
    TLS,
    /** None: a server on this machine. */
    NONE
  }

  /**
   * A mail server.
   *
   * @param caFile PEM certificates that are trusted instead of Java's own
   * @param user empty: no login
   * @param password of the user
   */
  public record Mail(
      String host,
      int port,
      MailSecurity security,
      Optional<Path> caFile,
      Optional<String> user,
      Optional<Secret> password,
      String from,
      String to) {}
}
