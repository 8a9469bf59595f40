package org.adit.pool.alerts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adit.config.AlertsConfig;
import org.adit.config.AlertsConfig.MailSecurity;

/** Sends mail by SMTP (RFC 5321), with TLS (RFC 8314, RFC 3207) and PLAIN login (RFC 4616). */
final class Mail implements Channel {
  private static final int PATIENCE_MILLIS = 15_000;
  private static final int MOST_LINES = 100;

  private final AlertsConfig.Mail settings;
  private final Clock clock;

  Mail(AlertsConfig.Mail settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public void send(List<Alert> alerts) throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(settings.host(), settings.port()), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      Socket first = settings.security() == MailSecurity.TLS ? tls().over(plain) : plain;
      try (Conversation talk = new Conversation(first)) {
        talk.expect(220);
        talk.say("EHLO adit.invalid", 250);
        if (settings.security() == MailSecurity.STARTTLS) {
          talk.say("STARTTLS", 220);
          try (Conversation secret = new Conversation(tls().over(plain))) {
            secret.say("EHLO adit.invalid", 250);
            deliver(secret, alerts);
          }
        } else {
          deliver(talk, alerts);
        }
      }
    }
  }

  private MailTls tls() {
    return new MailTls(settings.host(), settings.port(), settings.caFile());
  }

  private void deliver(Conversation talk, List<Alert> alerts) throws IOException {
    Optional<String> user = settings.user();
    if (user.isPresent() && settings.password().isPresent()) {
      String login = "\0" + user.get() + "\0" + settings.password().get().reveal();
      talk.sayQuietly(
          "AUTH PLAIN "
              + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)),
          "AUTH",
          235);
    }
    talk.say("MAIL FROM:<" + settings.from() + ">", 250);
    talk.say("RCPT TO:<" + settings.to() + ">", 250);
    talk.say("DATA", 354);
    talk.say(letter(alerts) + "\r\n.", 250);
    talk.say("QUIT", 221);
  }

  private String letter(List<Alert> alerts) {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME
            .withLocale(Locale.ROOT)
            .format(clock.instant().atOffset(ZoneOffset.UTC));
    String head =
        "From: Adit <"
            + settings.from()
            + ">\r\nTo: <"
            + settings.to()
            + ">\r\nSubject: "
            + Alert.printable(Message.title(alerts), 150)
            + "\r\nDate: "
            + date
            + "\r\nMessage-ID: <"
            + clock.millis()
            + "."
            + alerts.getFirst().id()
            + "@adit.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain;"
            + " charset=us-ascii\r\nAuto-Submitted: auto-generated\r\n\r\n";
    StringBuilder body = new StringBuilder(head);
    for (String line : Message.body(alerts).split("\n", -1)) {
      // A line that begins with a dot would end the letter (RFC 5321 section 4.5.2).
      body.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
    }
    return body.substring(0, body.length() - 2);
  }

  /** Commands and replies on one connection. */
  private static final class Conversation implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    Conversation(Socket socket) throws IOException {
      this.socket = socket;
      this.in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      this.out = socket.getOutputStream();
    }

    void say(String line, int expected) throws IOException {
      sayQuietly(line, line.split("[ \r]", 2)[0], expected);
    }

    void sayQuietly(String line, String shown, int expected) throws IOException {
      out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      expect(shown, expected);
    }

    void expect(int expected) throws IOException {
      expect("the greeting", expected);
    }

    private void expect(String after, int expected) throws IOException {
      for (int i = 0; i < MOST_LINES; i++) {
        String line = in.readLine();
        if (line == null || line.length() < 3) {
          throw new IOException("the mail server broke off after " + after);
        }
        if (line.length() == 3 || line.charAt(3) == ' ') {
          if (!line.startsWith(String.valueOf(expected))) {
            throw new IOException(
                "the mail server answered "
                    + Alert.printable(line, 100)
                    + " to "
                    + after
                    + " (expected: "
                    + expected
                    + ")");
          }
          return;
        }
      }
      throw new IOException("the mail server answered too much to " + after);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
