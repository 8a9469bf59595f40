package org.adit.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The rows of the table of settings for {@code [alerts]}. */
final class AlertKeys {
  private AlertKeys() {}

  private static final ValueType<String> MAIL_ADDRESS =
      ValueType.form(
          "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", "a mail address, as pool@example.org");

  static final Setting<AlertsConfig.Quiet> QUIET =
      optional(
          "quiet_hours_utc",
          ValueType.quiet(),
          "Hours in which only critical alerts leave the house; the others follow when they are over, if they still hold.");
  static final Setting<Duration> REPEAT =
      setting(
          "repeat_hours",
          ValueType.integer(1, 720, Duration::ofHours),
          24L,
          "An alert that lasts is sent again after that time, not before.");
  static final Setting<Integer> HASHRATE_DROP =
      setting(
          "hashrate_drop_percent",
          ValueType.integer(5, 100),
          30L,
          "Alert when the pool's hashrate of ten minutes is surely that far below the day's.");
  static final Setting<Integer> REJECTS =
      setting(
          "reject_percent",
          ValueType.integer(1, 100),
          5L,
          "Alert when that part of a worker's shares of the last hour was refused, surely.");
  static final Setting<Integer> DISK_FREE =
      setting(
          "disk_free_percent",
          ValueType.integer(1, 90),
          5L,
          "Alert when less of the data folder's disk is free.");
  static final Setting<Duration> NODE_BEHIND =
      setting(
          "node_behind_seconds",
          ValueType.integer(10, 86_400, Duration::ofSeconds),
          120L,
          "Alert when a node is away or behind for longer.");
  static final Setting<Integer> WITHHOLDING =
      setting(
          "withholding_false_alarms_ppm",
          ValueType.integer(1, 10_000),
          100L,
          "Chance, in millionths, that the suspicion of withheld blocks against an honest worker is wrong; smaller finds less.");
  static final Setting<URI> WEBHOOK =
      optional("webhook_url", ValueType.httpUrl(), "Each alert is posted there as JSON.");
  static final Setting<String> WEBHOOK_SECRET =
      optional(
          "webhook_secret_file",
          ValueType.path(),
          "File whose first line is the key of the signature in the header `X-Adit-Signature` (HMAC-SHA256 over time and body).");
  static final Setting<URI> NTFY =
      optional(
          "ntfy_url",
          ValueType.httpUrl(),
          "Topic of an ntfy server, as `http://127.0.0.1:8093/pool`.");
  static final Setting<String> NTFY_TOKEN =
      optional("ntfy_token_file", ValueType.path(), "File with the ntfy server's token.");
  static final Setting<String> SMTP_HOST =
      optional("smtp_host", ValueType.host(), "Mail server; needs `mail_from` and `mail_to`.");
  static final Setting<Integer> SMTP_PORT =
      setting("smtp_port", ValueType.integer(1, 65_535), 587L, "Its port.");
  static final Setting<AlertsConfig.MailSecurity> SMTP_SECURITY =
      setting(
          "smtp_security",
          ValueType.choice(AlertsConfig.MailSecurity.class),
          "starttls",
          "`tls` for port 465; `none` only for a server on this machine.");
  static final Setting<String> SMTP_CA =
      optional(
          "smtp_ca_file",
          ValueType.path(),
          "Certificates (PEM) the mail server's own must be one of, or be signed by; without it the authorities Java trusts. For a server of one's own with a certificate of one's own.");
  static final Setting<String> SMTP_USER =
      optional("smtp_user", ValueType.text(1, 128), "User name; needs `smtp_password_file`.");
  static final Setting<String> SMTP_PASSWORD =
      optional("smtp_password_file", ValueType.path(), "File with the password.");
  static final Setting<String> MAIL_FROM = optional("mail_from", MAIL_ADDRESS, "Sender.");
  static final Setting<String> MAIL_TO = optional("mail_to", MAIL_ADDRESS, "Receiver.");

  static final Section SECTION =
      new Section(
          "alerts",
          0,
          1,
          "What is worth an alert, and where alerts go besides log and dashboard.",
          List.of(
              QUIET,
              REPEAT,
              HASHRATE_DROP,
              REJECTS,
              DISK_FREE,
              NODE_BEHIND,
              WITHHOLDING,
              WEBHOOK,
              WEBHOOK_SECRET,
              NTFY,
              NTFY_TOKEN,
              SMTP_HOST,
              SMTP_PORT,
              SMTP_SECURITY,
              SMTP_CA,
              SMTP_USER,
              SMTP_PASSWORD,
              MAIL_FROM,
              MAIL_TO));

  private static <T> Setting<T> optional(String name, ValueType<T> type, String help) {
    return new Setting<>(name, type, null, false, help);
  }

  private static <T> Setting<T> setting(
      String name, ValueType<T> type, Object fallback, String help) {
    return new Setting<>(name, type, fallback, false, help);
  }
}
