package org.adit.pool.alerts;

import java.io.IOException;
import java.util.List;

/** A way out of the house. Called on one thread; may wait, with a bound. */
interface Channel {
  /** What it is called. */
  String name();

  /**
   * Sends alerts as one message.
   *
   * @param alerts at least one, all of one kind
   * @throws IOException when it did not go out; the message says why without any secret
   */
  void send(List<Alert> alerts) throws IOException, InterruptedException;
}
