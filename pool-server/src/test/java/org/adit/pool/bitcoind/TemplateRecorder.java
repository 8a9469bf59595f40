package org.adit.pool.bitcoind;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Keeps what a source tells, in order. */
final class TemplateRecorder implements TemplateListener {
  record Delivery(BlockTemplate template, boolean newTip) {}

  final List<Delivery> templates = new CopyOnWriteArrayList<>();
  final List<NodeState> states = new CopyOnWriteArrayList<>();

  @Override
  public void onTemplate(BlockTemplate template, boolean newTip) {
    templates.add(new Delivery(template, newTip));
  }

  @Override
  public void onState(NodeState state) {
    states.add(state);
  }

  NodeState awaitState(NodeState.Kind kind, Duration limit) {
    await().atMost(limit).until(() -> !states.isEmpty() && states.getLast().kind() == kind);
    return states.getLast();
  }

  Delivery awaitTemplate(Duration limit, Predicate<Delivery> wanted) {
    await()
        .atMost(limit)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> templates.stream().anyMatch(wanted));
    return templates.stream().filter(wanted).findFirst().orElseThrow();
  }

  Delivery awaitTip(Duration limit, String previousBlock) {
    return awaitTemplate(
        limit, d -> d.template().previousBlock().toDisplayHex().equals(previousBlock));
  }
}
