package org.adit.config;

import java.nio.file.Path;

/**
 * Turns the paths of a configuration file into absolute ones.
 *
 * @param folder where the file is; absolute
 * @param home what {@code ~/} stands for
 */
record PathResolver(Path folder, Path home) {

  Path resolve(String text) {
    Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : folder.resolve(text);
    return path.toAbsolutePath().normalize();
  }
}
