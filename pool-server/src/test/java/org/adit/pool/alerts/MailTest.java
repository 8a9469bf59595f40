package org.adit.pool.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import org.adit.config.AlertsConfig;
import org.adit.config.AlertsConfig.MailSecurity;
import org.adit.config.Secret;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Mail goes out over TLS to a real mail server, or not at all. */
final class MailTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir private static Path folder;
  private static SSLContext right;
  private static SSLContext other;

  private record Letter(String from, String to, String text) {
    List<String> head() {
      return List.of(text.substring(0, text.indexOf("\r\n\r\n")).split("\r\n", -1));
    }

    String body() {
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }

  private final List<Letter> letters = new CopyOnWriteArrayList<>();
  private final List<String> logins = new CopyOnWriteArrayList<>();
  private @Nullable SMTPServer server;

  @BeforeAll
  static void certificates() throws Exception {
    right = certificate("right", "ip:127.0.0.1");
    other = certificate("other", "dns:mail.example.org");
  }

  /** A certificate nobody signed, its key, and the certificate as PEM beside it. */
  private static SSLContext certificate(String name, String subject) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + subject,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    Files.writeString(
        folder.resolve(name + ".pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate("k").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  private void serve(MailSecurity security, SSLContext identity) {
    SMTPServer.Builder builder =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .hostName("mail.example.org")
            .connectionTimeoutMs(30_000)
            .insertReceivedHeaders(false)
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory((user, password, context) -> {
                  logins.add(user);
                  if (!user.equals("pool") || !password.equals("swordfish")) {
                    throw new LoginFailedException();
                  }
                }))
            .requireAuth()
            .messageHandler((context, from, to, data) ->
                letters.add(new Letter(from, to, new String(data, StandardCharsets.ISO_8859_1))));
    if (security == MailSecurity.TLS) {
      SSLServerSocketFactory sockets = identity.getServerSocketFactory();
      builder.serverSocketFactory(sockets);
    } else {
      builder.enableTLS().requireTLS().startTlsSocketFactory(identity);
    }
    SMTPServer built = builder.build();
    built.start();
    server = built;
  }

  private AlertCenter center(MailSecurity security, String ca, String password) {
    AlertsConfig.Mail mail =
        new AlertsConfig.Mail(
            "127.0.0.1",
            Objects.requireNonNull(server).getPortAllocated(),
            security,
            ca.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(ca)),
            Optional.of("pool"),
            Optional.of(Secret.of(password)),
            "pool@example.org",
            "operator@example.org");
    return new AlertCenter(
        new AlertsConfig(
            Optional.empty(),
            Duration.ofHours(1),
            30,
            5,
            5,
            Duration.ofMinutes(2),
            100,
            Optional.empty(),
            Optional.empty(),
            Optional.of(mail)),
        Clock.systemUTC(),
        alert -> {});
  }

  private static AlertCenter.Result sent(AlertCenter center) {
    return center.test().getLast();
  }

  @Test
  void theRightCertificateIsTakenEitherWay() {
    for (MailSecurity security : List.of(MailSecurity.STARTTLS, MailSecurity.TLS)) {
      serve(security, right);
      try (AlertCenter center = center(security, "right.pem", "swordfish")) {
        assertThat(sent(center)).isEqualTo(new AlertCenter.Result("mail", true, "sent"));
      }
      stop();
    }
    assertThat(letters).hasSize(2);
    for (Letter letter : letters) {
      assertThat(letter.from()).isEqualTo("pool@example.org");
      assertThat(letter.to()).isEqualTo("operator@example.org");
      assertThat(letter.head())
          .contains(
              "From: Adit <pool@example.org>",
              "To: <operator@example.org>",
              "Subject: Adit: test test");
      assertThat(letter.body()).contains("this is a test alert");
    }
    assertThat(logins).containsExactly("pool", "pool");
  }

  @Test
  void aCertificateNobodyVouchesForIsRefusedBeforeAnythingIsSaid() {
    for (MailSecurity security : List.of(MailSecurity.STARTTLS, MailSecurity.TLS)) {
      serve(security, right);
      try (AlertCenter center = center(security, "", "swordfish")) {
        AlertCenter.Result result = sent(center);
        assertThat(result.ok()).isFalse();
        assertThat(result.text())
            .startsWith("the certificate of mail server 127.0.0.1 port ")
            .contains("is refused, nothing was sent", "smtp_ca_file");
      }
      stop();
    }
    assertThat(logins).isEmpty();
    assertThat(letters).isEmpty();
  }

  @Test
  void aTrustedCertificateOfAnotherNameIsRefusedToo() {
    for (MailSecurity security : List.of(MailSecurity.STARTTLS, MailSecurity.TLS)) {
      serve(security, other);
      try (AlertCenter center = center(security, "other.pem", "swordfish")) {
        AlertCenter.Result result = sent(center);
        assertThat(result.ok()).isFalse();
        assertThat(result.text()).contains("is refused", "127.0.0.1", "of other.pem");
      }
      stop();
    }
    assertThat(logins).isEmpty();
  }

  @Test
  void aWrongPasswordIsSaidWithoutThePassword() {
    serve(MailSecurity.STARTTLS, right);
    try (AlertCenter center = center(MailSecurity.STARTTLS, "right.pem", "guessed")) {
      AlertCenter.Result result = sent(center);
      assertThat(result.ok()).isFalse();
      assertThat(result.text())
          .contains("535", "to AUTH (expected: 235)")
          .doesNotContain("guessed", Base64.getEncoder().encodeToString(bytes("\0pool\0guessed")));
    }
    assertThat(letters).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void tlsWhereThereIsNoneIsSaid() {
    serve(MailSecurity.STARTTLS, right);
    try (AlertCenter center = center(MailSecurity.TLS, "right.pem", "swordfish")) {
      AlertCenter.Result result = sent(center);
      assertThat(result.ok()).isFalse();
      assertThat(result.text()).startsWith("no TLS with mail server").contains("smtp_security");
    }
  }

  @Test
  void aFileWithoutCertificatesIsSaid() throws Exception {
    serve(MailSecurity.STARTTLS, right);
    Files.writeString(folder.resolve("empty.pem"), "\n");
    try (AlertCenter center = center(MailSecurity.STARTTLS, "empty.pem", "swordfish")) {
      assertThat(sent(center).text()).contains("empty.pem", "(expected: PEM)");
    }
  }

  @Test
  void noWorkersNameWritesAHeaderOrAnotherReceiver() throws Exception {
    serve(MailSecurity.STARTTLS, right);
    String name =
        "a\r\nBcc: all@evil.example\r\n\r\n.\r\nRCPT TO:<all@evil.example>\r\n\u0085\u2028\u00e9";
    try (AlertCenter center = center(MailSecurity.STARTTLS, "right.pem", "swordfish")) {
      center.holds(Alert.Kind.WORKER_DOWN, Map.of(name, ".\r\n" + name + "x".repeat(2_000)));
      center.flush();
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !letters.isEmpty());
    }
    assertThat(letters).hasSize(1);
    Letter letter = letters.getFirst();
    assertThat(letter.to()).isEqualTo("operator@example.org");
    assertThat(letter.head())
        .extracting(line -> line.split(":", 2)[0])
        .containsExactly(
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Auto-Submitted");
    assertThat(letter.head().get(2)).startsWith("Subject: Adit: worker-down a??Bcc: all@evil");
    assertThat(letter.head()).allMatch(line -> line.length() <= 998 && line.matches("[ -~]*"));
    assertThat(letter.body().strip()).doesNotContain("\n").matches("[ -~]*");
  }
}
