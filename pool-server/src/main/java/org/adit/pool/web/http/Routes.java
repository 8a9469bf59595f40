package org.adit.pool.web.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Paths and who answers them. A part in braces stands for one segment and is handed over by its
 * name; fixed parts win over such ones when they were entered first.
 *
 * @param <T> what is entered
 */
public final class Routes<T> {
  /**
   * A path that fits.
   *
   * @param target what was entered
   * @param variables what stood for the parts in braces
   */
  public record Match<T>(T target, Map<String, String> variables) {}

  private record Route<T>(String method, List<String> parts, T target) {}

  private final List<Route<T>> routes = new ArrayList<>();

  /** Enters a path such as {@code /api/v1/workers/{id}}. */
  public void add(String method, String path, T target) {
    routes.add(new Route<>(method, List.of(path.substring(1).split("/", -1)), target));
  }

  /**
   * Finds who answers.
   *
   * @throws HttpException 405 when the path is known for other methods only
   */
  public Optional<Match<T>> find(String method, List<String> segments) throws HttpException {
    boolean elsewhere = false;
    for (Route<T> route : routes) {
      Map<String, String> variables = fit(route.parts, segments);
      if (variables != null && route.method.equals(method)) {
        return Optional.of(new Match<>(route.target, variables));
      }
      elsewhere |= variables != null;
    }
    if (elsewhere) {
      throw new HttpException(405, "this path does not know the method");
    }
    return Optional.empty();
  }

  private static @org.jspecify.annotations.Nullable Map<String, String> fit(
      List<String> parts, List<String> segments) {
    if (parts.size() != segments.size()) {
      return null;
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.startsWith("{")) {
        variables.put(part.substring(1, part.length() - 1), segments.get(i));
      } else if (!part.equals(segments.get(i))) {
        return null;
      }
    }
    return variables;
  }
}
