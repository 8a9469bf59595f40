package org.adit.pool.stratum;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The open sessions of one event loop; touched only there. */
public final class SessionSet {
  private final Set<Session> sessions = new LinkedHashSet<>();

  /** Enters a session. */
  public void add(Session session) {
    sessions.add(session);
  }

  /** Takes a session out. */
  public void remove(Session session) {
    sessions.remove(session);
  }

  /** Does something with each; sessions may leave meanwhile. */
  public void forEach(Consumer<Session> action) {
    List<Session> copy = new ArrayList<>(sessions);
    copy.forEach(action);
  }

  /** How many are open. */
  public int size() {
    return sessions.size();
  }
}
