package org.adit.pool.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Files of a folder of the class path. Only plain names are looked for, so nothing outside the
 * folder can be named. Thread-safe.
 */
public final class StaticFiles {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}");
  private static final int MAX_DEPTH = 4;
  private static final int MAX_KEPT = 500;
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private static final String LIBRARIES = "vendor/";

  private final String folder;
  private final Map<String, String> libraries;
  private final Map<String, Reply> kept = new ConcurrentHashMap<>();

  /**
   * @param folder of the class path, as {@code /web/}
   * @param libraries folders of the class path, with their last slash, that stand under {@code
   *     vendor/} by these names
   */
  public StaticFiles(String folder, Map<String, String> libraries) {
    this.folder = folder;
    this.libraries = Map.copyOf(libraries);
  }

  /** The file of a path; empty when there is none. */
  public Optional<Reply> find(List<String> segments) throws IOException {
    if (segments.isEmpty() || segments.size() > MAX_DEPTH) {
      return Optional.empty();
    }
    for (String segment : segments) {
      if (!NAME.matcher(segment).matches() || segment.contains("..")) {
        return Optional.empty();
      }
    }
    String last = segments.getLast();
    String type = TYPES.get(last.substring(last.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null || last.indexOf('.') < 0) {
      return Optional.empty();
    }
    String path = String.join("/", segments);
    Reply known = kept.get(path);
    return known != null ? Optional.of(known) : read(path, type);
  }

  private String resource(String path) {
    if (path.startsWith(LIBRARIES)) {
      int slash = path.indexOf('/', LIBRARIES.length());
      String library = slash < 0 ? null : libraries.get(path.substring(LIBRARIES.length(), slash));
      if (library != null) {
        return library + path.substring(slash + 1);
      }
    }
    return folder + path;
  }

  private Optional<Reply> read(String path, String type) throws IOException {
    try (InputStream in = StaticFiles.class.getResourceAsStream(resource(path))) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] body = in.readAllBytes();
      Reply reply = Reply.tagged(type, body).kept();
      if (kept.size() < MAX_KEPT) {
        kept.put(path, reply);
      }
      return Optional.of(reply);
    }
  }
}
