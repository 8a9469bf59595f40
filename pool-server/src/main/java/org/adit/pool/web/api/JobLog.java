package org.adit.pool.web.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.adit.pool.work.Work;
import tools.jackson.databind.node.ObjectNode;

/** The newest work sent to miners. Thread-safe. */
public final class JobLog {
  private static final int KEPT = 100;

  private final ArrayDeque<ObjectNode> jobs = new ArrayDeque<>();

  /** Work went out. */
  public synchronized ObjectNode add(Work work, long nowMillis) {
    ObjectNode job = Shapes.job(work, nowMillis);
    jobs.addFirst(job);
    if (jobs.size() > KEPT) {
      jobs.removeLast();
    }
    return job;
  }

  /** Newest first. */
  synchronized List<ObjectNode> newest() {
    return new ArrayList<>(jobs);
  }
}
