package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.adit.hasher.Difficulty;
import org.adit.pool.stratum.AddressSet;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.StratumLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a fleet brings: TLS, load balancers, IPv6, sessions that come back, floods of bad shares.
 */
class FleetIT {
  private static final String PING = "{\"id\":1,\"method\":\"mining.ping\"}";

  @TempDir Path folder;
  private StratumHouse house;

  @BeforeEach
  void open() throws Exception {
    house = new StratumHouse(folder, StratumLimits.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  private static ListenerSettings listener(
      String host, Optional<ListenerSettings.Tls> tls, String proxies) {
    ListenerSettings usual = StratumHouse.LISTENER;
    return new ListenerSettings(
        host,
        0,
        usual.start(),
        usual.minimum(),
        usual.maximum(),
        false,
        0.2,
        false,
        true,
        Optional.empty(),
        tls,
        AddressSet.parse(proxies));
  }

  private static String ask(Socket socket, byte[]... pieces) throws IOException {
    socket.setSoTimeout(10_000);
    for (byte[] piece : pieces) {
      socket.getOutputStream().write(piece);
      socket.getOutputStream().flush();
    }
    String line =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    return String.valueOf(line);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  // ---- TLS ----

  private ListenerSettings.Tls certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Files.deleteIfExists(store);
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
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
    Path certificate = folder.resolve("chain.pem");
    Path key = folder.resolve("key.pem");
    Certificate made = keys.getCertificate("k");
    Files.writeString(certificate, pem("CERTIFICATE", made.getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("k", "password".toCharArray()).getEncoded()));
    return new ListenerSettings.Tls(certificate, key);
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }

  private static String commonName(int port) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new Anybody()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      assertThat(ask(socket, bytes(PING + "\n"))).contains("\"pong\"");
      return shown.getSubjectX500Principal().getName();
    }
  }

  @Test
  void onePortTakesTlsAndPlainAndARenewedCertificate() throws Exception {
    InetSocketAddress port =
        house.listen(listener("127.0.0.1", Optional.of(certificate("first")), ""));

    assertThat(commonName(port.getPort())).isEqualTo("CN=first");
    try (Socket plain = new Socket(port.getAddress(), port.getPort())) {
      // Nobody is sure of anything after one byte.
      assertThat(ask(plain, bytes("{"), bytes(PING.substring(1) + "\r\n"))).contains("\"pong\"");

      ListenerSettings.Tls renewed = certificate("second");
      Instant later = Instant.now().plusSeconds(5);
      Files.setLastModifiedTime(renewed.certificate(), FileTime.from(later));
      house.reloadCertificates();
      assertThat(commonName(port.getPort())).isEqualTo("CN=second");
      assertThat(ask(plain, bytes(PING + "\n"))).as("the old connection").contains("\"pong\"");

      Files.writeString(renewed.key(), "no key");
      Files.setLastModifiedTime(renewed.key(), FileTime.from(later.plusSeconds(5)));
      house.reloadCertificates();
      assertThat(commonName(port.getPort())).as("the pair in use stays").isEqualTo("CN=second");
    }
  }

  @Test
  void tlsOnAPlainPortIsClosedWithoutAWord() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
      assertThat(ask(socket, HexFormat.of().parseHex("1603010200010001fc"))).isEqualTo("null");
    }
  }

  // ---- load balancers ----

  @Test
  void aLoadBalancerSaysWhereMinersAre() throws Exception {
    InetSocketAddress port =
        house.listen(listener("127.0.0.1", Optional.empty(), "127.0.0.1, fd00::/8"));
    byte[] line = bytes("PROXY TCP4 192.0.2.7 198.51.100.1 5000 3333\r\n");
    byte[] binary =
        HexFormat.of()
            .parseHex(
                "0d0a0d0a000d0a515549540a2121002420010db8000000000000000000000001"
                    + "20010db8000000000000000000000002138813050d");
    byte[] local = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000");
    for (byte[] header : new byte[][] {line, withLength(binary), local}) {
      try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
        byte[] begin = java.util.Arrays.copyOf(header, 5);
        byte[] rest = java.util.Arrays.copyOfRange(header, 5, header.length);
        assertThat(ask(socket, begin, rest, bytes(PING + "\n"))).contains("\"pong\"");
      }
    }
    for (String bad :
        new String[] {
          PING + "\n",
          "PROXY TCP4 nowhere 198.51.100.1 5000 3333\r\n",
          "PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n",
          "PROXY " + "x".repeat(200)
        }) {
      try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
        assertThat(ask(socket, bytes(bad))).as(bad).isEqualTo("null");
      }
    }
  }

  // The body is two IPv6 addresses and two ports: 36 bytes.
  private static byte[] withLength(byte[] header) {
    return java.util.Arrays.copyOf(header, 16 + 36);
  }

  @Test
  void whoIsNoLoadBalancerMayNotSayWhereItIs() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
      byte[] claim = bytes("PROXY TCP4 192.0.2.7 198.51.100.1 5000 3333\r\n");
      assertThat(ask(socket, claim)).isEqualTo("null");
    }
  }

  @Test
  void minersComeByIpv6Too() throws Exception {
    InetSocketAddress port = house.listen(listener("::1", Optional.empty(), ""));
    try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
      assertThat(ask(socket, bytes(PING + "\n"))).contains("\"pong\"");
    }
  }

  // ---- sessions ----

  @Test
  void aSessionThatIsNotKnownIsANewOne() throws Exception {
    try (V1Client client = house.connect()) {
      for (String id : new String[] {"\"ffffffffffffffff\"", "\"\"", "7", "\"x\""}) {
        JsonNode reply =
            client.call("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"a\"," + id + "]}");
        assertThat(reply.required("result").required(1).asString()).hasSize(8);
      }
    }
  }

  @Test
  void theSessionOfAnotherAccountIsNotTakenOver() throws Exception {
    V1Job.Share share;
    String job;
    String session;
    try (V1Rig alice = house.rig("alice.one")) {
      JsonNode again =
          alice.client().call("{\"id\":9,\"method\":\"mining.subscribe\",\"params\":[]}");
      session = again.required("result").required(0).required(1).required(1).asString();
      share = alice.find(StratumHouse.START.target());
      job = alice.job().id();
    }
    await().until(() -> house.connections() == 0);
    house.newWork();
    try (V1Client thief = house.connect()) {
      thief.call(
          "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"a\",\"%s\"]}"
              .formatted(session));
      thief.call("{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"bob.x\",\"x\"]}");
      JsonNode reply = thief.call(share.submit(3, "bob.x", job));
      assertThat(reply.required("error").required(1).asString()).isEqualTo("job not found");
    }
  }

  // ---- bad shares ----

  @Test
  void aFloodOfInvalidSharesKeepsTheAccountOutForAWhile() throws Exception {
    flood("alice.bad");
    try (V1Client client = house.connect()) {
      client.call("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}");
      JsonNode refused =
          client.call("{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"alice.x\",\"x\"]}");
      assertThat(refused.required("result").asBoolean()).isFalse();
      assertThat(refused.required("error").required(1).asString())
          .contains("too many invalid shares");
    }
    // Others at the same address go on, and so does the account when the time is over.
    house.rig("bob.good").close();
    house.clock.advance(Duration.ofSeconds(61));
    house.rig("alice.bad").close();
  }

  private void flood(String user) throws Exception {
    try (V1Rig rig = house.rig(user)) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 250; i++) {
        lines.append(
            "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"%s\",\"%s\",\"%016x\",\"%08x\",\"%08x\"]}\n"
                .formatted(i + 50, user, rig.job().id(), i, 1, i));
      }
      rig.client().sendRaw(lines.toString());
      while (rig.client().line() != null) {
        // until it is closed
      }
    }
    await().until(() -> house.connections() == 0);
  }

  @Test
  void aWorkerBeginsWhereItLeftOff() throws Exception {
    ListenerSettings usual = StratumHouse.LISTENER;
    InetSocketAddress port =
        house.listen(
            new ListenerSettings(
                "127.0.0.1",
                0,
                usual.start(),
                usual.minimum(),
                Difficulty.of(1),
                true,
                0.2,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                AddressSet.NONE));
    Difficulty left;
    try (V1Rig rig = new V1Rig(port.getPort(), "alice.fast")) {
      Difficulty begin = rig.difficulty();
      while (rig.difficulty().equals(begin)) {
        rig.submit(rig.find(rig.difficulty().target()), rig.job().id());
      }
      left = rig.difficulty();
      assertThat(left).isGreaterThan(begin);
    }
    await().until(() -> house.connections() == 0);
    try (V1Rig rig = new V1Rig(port.getPort(), "alice.fast")) {
      assertThat(rig.difficulty()).isGreaterThanOrEqualTo(left);
    }
  }

  /** Trusts whatever certificate is shown: the test looks at it itself. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
