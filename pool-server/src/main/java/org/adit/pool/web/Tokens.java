package org.adit.pool.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.adit.pool.web.http.Request;

/**
 * The operator's token: a bearer header, or the cookie a browser gets for it. Comparisons take the
 * same time whatever differs.
 */
public final class Tokens {
  /** The token's file in the data folder, where the settings name no other. */
  public static final String FILE = "api-token";

  static final String COOKIE = "adit_session";
  private static final int BYTES = 24;
  private static final int LEAST_CHARS = 16;
  private static final int MAX_CHARS = 512;
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final byte[] token;
  private final byte[] cookie;

  private Tokens(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.cookie = cookieOf(token).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the token, or makes one for its owner's eyes only.
   *
   * @param file from the settings; empty: {@link #FILE} in the data folder
   * @throws IOException when it cannot be read or is too short to be a secret
   */
  public static Tokens open(Optional<Path> file, Path dataFolder, SecureRandom random)
      throws IOException {
    Path path = file.orElse(dataFolder.resolve(FILE));
    if (file.isEmpty() && !Files.exists(path)) {
      byte[] bytes = new byte[BYTES];
      random.nextBytes(bytes);
      create(path, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
    }
    return new Tokens(read(path));
  }

  /**
   * The token of a file.
   *
   * @throws IOException when there is none
   */
  public static String read(Path path) throws IOException {
    String text = Files.readString(path).lines().findFirst().orElse("").strip();
    if (text.length() < LEAST_CHARS || text.length() > MAX_CHARS) {
      throw new IOException(
          path + " holds no token in its first line (expected: 16 to 512 characters)");
    }
    return text;
  }

  // Written beside and moved: a process that dies here must not leave an empty file, with which no
  // later one would start.
  private static void create(Path path, String text) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(fresh, text, StandardOpenOption.CREATE);
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether a request comes from whoever knows the token. */
  boolean isOperator(Request request) {
    Optional<String> header = request.header("authorization");
    if (header.isPresent()) {
      String text = header.get();
      return text.regionMatches(true, 0, "Bearer ", 0, 7) && isToken(text.substring(7).strip());
    }
    return cookie(request).map(this::isCookie).orElse(false)
        && (READING.contains(request.method()) || isFromOwnPage(request));
  }

  /** Whether a text is the token. */
  boolean isToken(String text) {
    return MessageDigest.isEqual(token, text.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isCookie(String text) {
    return MessageDigest.isEqual(cookie, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What a browser keeps instead of the token. */
  Map.Entry<String, String> cookieHeader(boolean keep) {
    return Map.entry(
        "Set-Cookie",
        COOKIE
            + "="
            + (keep ? new String(cookie, StandardCharsets.UTF_8) : "")
            + "; Path=/; HttpOnly; SameSite=Strict"
            + (keep ? "" : "; Max-Age=0"));
  }

  // SameSite keeps other sites' requests from carrying the cookie; this keeps old browsers right
  // too.
  private static boolean isFromOwnPage(Request request) {
    String origin = request.header("origin").orElse("");
    String host = request.header("host").orElse("");
    return origin.endsWith("://" + host) && !host.isEmpty();
  }

  private static Optional<String> cookie(Request request) {
    for (String part : request.header("cookie").orElse("").split(";", -1)) {
      String text = part.strip();
      if (text.startsWith(COOKIE + "=")) {
        return Optional.of(text.substring(COOKIE.length() + 1));
      }
    }
    return Optional.empty();
  }

  private static String cookieOf(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(("adit session\n" + token).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every JDK has SHA-256", e);
    }
  }
}
