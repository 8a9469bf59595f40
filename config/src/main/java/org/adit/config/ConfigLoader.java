package org.adit.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads the pool's configuration file (TOML 1.0) and checks everything that can be known from the
 * file alone: syntax, keys, types, ranges, required keys, how keys fit together, and who may read
 * secrets. What needs the node or the machine (address networks and checksums, ports in use,
 * writable folders) is checked later, with the positions of {@link LoadedConfig}.
 */
public final class ConfigLoader {
  /** Far above any real file; bounds what the parser may be given. */
  static final int MAX_BYTES = 1 << 20;

  /** The deepest real nesting is two. */
  private static final int MAX_NESTING = 16;

  private ConfigLoader() {}

  /**
   * Loads a file. Relative paths in it are taken from the folder it is in.
   *
   * @throws ConfigException with all problems at once, an unreadable file included
   */
  public static LoadedConfig load(Path file) throws ConfigException {
    String name = file.toString();
    String text;
    try {
      text = read(file);
    } catch (IOException e) {
      throw new ConfigException(List.of(new ConfigProblem(name, 0, 0, "", reason(e), "")));
    }
    return parse(text, file, SecretFiles.everybodyMayRead(file));
  }

  /**
   * Parses a text as if it stood in {@code file}, which is neither read nor looked at: it names the
   * problems and is the start of relative paths.
   *
   * @throws ConfigException with all problems at once
   */
  public static LoadedConfig parse(String toml, Path file) throws ConfigException {
    return parse(toml, file, false);
  }

  private static LoadedConfig parse(String toml, Path file, boolean worldReadable)
      throws ConfigException {
    String name = file.toString();
    TomlParseResult tree = parseToml(toml, name);
    ConfigPositions positions = new ConfigPositions(name, collectPositions(tree));
    Problems problems = new Problems(positions);
    for (TomlParseError error : tree.errors()) {
      problems.add(syntaxProblem(error, name, toml));
    }
    // With broken syntax a key may be missing only because its line was not understood.
    boolean complete = !tree.hasErrors();
    RawConfig raw = new SectionReader(problems, complete).read(tree);
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
    PathResolver paths = new PathResolver(folder, Path.of(System.getProperty("user.home", "/")));
    new CrossChecks(raw, problems, paths, worldReadable, complete).run();
    problems.throwIfAny();
    return new LoadedConfig(new ConfigBuilder(paths).build(raw), positions);
  }

  private static TomlParseResult parseToml(String toml, String name) throws ConfigException {
    // Some editors begin a file with a byte order mark, which TOML does not know.
    String text = toml.startsWith("\ufeff") ? toml.substring(1) : toml;
    try {
      return Toml.parse(
          text, TomlParseOptions.defaults().withMaxNestingDepth(MAX_NESTING).withoutSource());
    } catch (RuntimeException e) {
      // The parser promises error lists; should it fail on some input all the same, the operator
      // gets a problem.
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  name, 0, 0, "", "is not understood by the TOML parser", "TOML 1.0")));
    }
  }

  private static ConfigProblem syntaxProblem(TomlParseError error, String name, String toml) {
    int line = Math.max(1, error.position().line());
    String message = Words.safe(String.valueOf(error.getMessage()));
    // A slip in a password's quotes must not print the password.
    boolean secret =
        toml.lines()
            .skip(line - 1L)
            .findFirst()
            .map(l -> l.toLowerCase(Locale.ROOT).contains("password"))
            .orElse(false);
    return new ConfigProblem(
        name,
        line,
        Math.max(1, error.position().column()),
        "",
        secret ? "syntax error (not shown: the line names a password)" : message,
        "TOML 1.0");
  }

  private static Map<String, ConfigPosition> collectPositions(TomlTable root) {
    Map<String, ConfigPosition> positions = new HashMap<>();
    collect(root, "", positions);
    return positions;
  }

  private static void collect(TomlTable table, String path, Map<String, ConfigPosition> into) {
    for (String key : table.keySet()) {
      String full = path.isEmpty() ? key : path + "." + key;
      TomlPosition position = table.inputPositionOf(List.of(key));
      if (position != null) {
        into.put(full, new ConfigPosition(position.line(), position.column()));
      }
      collectValue(table.get(List.of(key)), full, into);
    }
  }

  private static void collectValue(
      @Nullable Object value, String path, Map<String, ConfigPosition> into) {
    if (value instanceof TomlTable table) {
      collect(table, path, into);
    } else if (value instanceof TomlArray array) {
      for (int i = 0; i < array.size(); i++) {
        TomlPosition position = array.inputPositionOf(i);
        String full = path + "[" + i + "]";
        into.put(full, new ConfigPosition(position.line(), position.column()));
        collectValue(array.get(i), full, into);
      }
    }
  }

  private static String read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new UnusableFile("is a folder, not a file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new UnusableFile("is larger than " + MAX_BYTES + " bytes");
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  static String reason(IOException e) {
    return switch (e) {
      case UnusableFile unusable -> String.valueOf(unusable.getMessage());
      case NoSuchFileException missing -> "does not exist";
      case AccessDeniedException denied -> "may not be read by this user";
      case CharacterCodingException coding -> "is not UTF-8 text";
      default -> Words.safe("cannot be read: " + e.getMessage());
    };
  }
}
