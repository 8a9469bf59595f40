package org.adit.pool.alerts;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS with a mail server that has to prove its name (RFC 8314 section 5.2, RFC 6125).
 *
 * @param caFile certificates that are trusted; empty: the authorities Java trusts
 */
record MailTls(String host, int port, Optional<Path> caFile) {
  private static final int REASON_CHARS = 200;

  /**
   * Secures a connection.
   *
   * @throws IOException when the server's certificate is refused, or it speaks no TLS, saying which
   */
  Socket over(Socket plain) throws IOException {
    SSLSocketFactory factory =
        caFile.isEmpty()
            ? (SSLSocketFactory) SSLSocketFactory.getDefault()
            : trusting(caFile.get());
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    // Without this any certificate of a trusted authority would do, whatever name it is for.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (SSLException e) {
      throw new IOException(refusal(e), e);
    }
    return socket;
  }

  private String refusal(SSLException e) {
    String server = "mail server " + host + " port " + port;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "the certificate of "
            + server
            + " is refused, nothing was sent: "
            + Alert.printable(String.valueOf(cause.getMessage()), REASON_CHARS)
            + " (expected: one for that name, "
            + caFile
                .map(file -> "of " + file.getFileName() + " or signed by it")
                .orElse("of an authority Java trusts, else see smtp_ca_file")
            + ")";
      }
    }
    return "no TLS with "
        + server
        + ": "
        + Alert.printable(String.valueOf(e.getMessage()), REASON_CHARS)
        + " (see smtp_security)";
  }

  /** Reads the file at each message, as certificates are renewed. */
  private static SSLSocketFactory trusting(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry(String.valueOf(trusted.size()), one);
      }
      if (trusted.size() == 0) {
        throw new IOException("smtp_ca_file " + file + " holds no certificate (expected: PEM)");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("smtp_ca_file " + file + " cannot be used (expected: PEM)", e);
    }
  }
}
