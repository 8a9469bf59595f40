package org.adit.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Files with secrets: who may read them, and what is in them. Systems without POSIX permissions are
 * not judged.
 */
final class SecretFiles {
  private static final int MAX_BYTES = 4096;

  private SecretFiles() {}

  /** Whether anybody on the machine may read a file; false when that cannot be told. */
  static boolean everybodyMayRead(Path file) {
    try {
      return permissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The first line of a secret file.
   *
   * @throws IOException whose message says what is wrong, never what the file holds
   */
  static String readPassword(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new UnusableFile("is not a plain file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    Set<PosixFilePermission> permissions = permissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.GROUP_READ)) {
      throw new UnusableFile("may be read by others than its owner; run chmod 600 on it");
    }
    if (bytes.length > MAX_BYTES) {
      throw new UnusableFile("is larger than " + MAX_BYTES + " bytes");
    }
    String password = new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    if (password.isEmpty() || !password.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
      throw new UnusableFile("has no password of printable ASCII in its first line");
    }
    return password;
  }

  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (UnsupportedOperationException e) {
      return Set.of();
    }
  }
}
