package org.adit.pool.web.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.adit.pool.work.Work;
import tools.jackson.databind.node.ObjectNode;

/** The newest work sent to miners. Thread-safe. */
public final class JobLog {
  private static final int KEPT = 100;
  private static final List<String> SAME = List.of("height", "transactions", "fees_sat");

  private final ArrayDeque<ObjectNode> jobs = new ArrayDeque<>();

  /**
   * Work went out. Work that is the newest entry over again, with a later time or because miners
   * were let in again, is none; more work on the tip of the newest entry is no new tip.
   *
   * @return the entry; empty when there is nothing new to tell
   */
  public synchronized Optional<ObjectNode> add(Work work, long nowMillis) {
    ObjectNode job = Shapes.job(work, nowMillis);
    ObjectNode newest = jobs.peekFirst();
    if (newest != null && newest.path("previous_block").equals(job.path("previous_block"))) {
      job.put("new_tip", false);
      if (SAME.stream().allMatch(name -> newest.path(name).equals(job.path(name)))) {
        return Optional.empty();
      }
    }
    jobs.addFirst(job);
    if (jobs.size() > KEPT) {
      jobs.removeLast();
    }
    return Optional.of(job);
  }

  /** Newest first. */
  synchronized List<ObjectNode> newest() {
    return new ArrayList<>(jobs);
  }
}
