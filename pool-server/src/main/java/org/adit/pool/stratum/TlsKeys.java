package org.adit.pool.stratum;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port's certificate and key. When the files are replaced, as certificates are every few weeks,
 * new connections get the new one; those there are go on (Stratum V1 specification 8).
 */
final class TlsKeys {
  private static final Logger LOG = LoggerFactory.getLogger(TlsKeys.class);

  private final Path certificate;
  private final Path key;
  private volatile SslContext context;
  private FileTime certificateTime;
  private FileTime keyTime;

  /**
   * @throws IOException when the files are no certificate with its key, naming them
   */
  TlsKeys(ListenerSettings.Tls files) throws IOException {
    certificate = files.certificate();
    key = files.key();
    certificateTime = Files.getLastModifiedTime(certificate);
    keyTime = Files.getLastModifiedTime(key);
    context = load();
  }

  /** What a new connection is served with. */
  SslContext context() {
    return context;
  }

  /** Looks whether the files were replaced. Reads the disk: not on an event loop. */
  synchronized void reloadIfChanged() {
    try {
      FileTime ofCertificate = Files.getLastModifiedTime(certificate);
      FileTime ofKey = Files.getLastModifiedTime(key);
      if (!ofCertificate.equals(certificateTime) || !ofKey.equals(keyTime)) {
        context = load();
        certificateTime = ofCertificate;
        keyTime = ofKey;
        LOG.info("TLS certificate {} was read anew", certificate);
      }
    } catch (IOException e) {
      // Perhaps only one of the two is written yet: the old pair serves until both fit.
      LOG.warn("{}; the certificate in use stays", e.getMessage());
    }
  }

  private SslContext load() throws IOException {
    try {
      return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "cannot use "
              + certificate
              + " with "
              + key
              + " (expected: a PEM certificate chain and its PKCS #8 key)",
          e);
    }
  }
}
