package org.adit.pool.mining;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Knows who may mine here. Thread-safe. */
public interface WorkerDirectory {
  /**
   * The account a user's first part stands for: an operator's account name, or a payout address of
   * this network in canonical spelling.
   *
   * @throws AuthorizationException when it is neither
   */
  String account(String accountOrAddress) throws AuthorizationException;

  /** A worker that was enlisted before, without waiting. */
  Optional<Worker> known(String account, String workerName);

  /**
   * Makes a worker known to accounting, durable when the stage completes. May wait for the disk and
   * therefore completes on another thread.
   */
  CompletionStage<Worker> enlist(String account, String workerName);
}
