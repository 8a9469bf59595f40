package org.adit.pool.bitcoind;

/**
 * Learns what a {@link TemplateSource} learns. Calls come one after another from one thread of the
 * source; they should be short, and must not wait for the source.
 */
public interface TemplateListener {

  /**
   * There is a new template.
   *
   * @param template checked, for the configured chain
   * @param newTip it builds on another block than the one delivered before (true for the first);
   *     work on the old one is stale
   */
  void onTemplate(BlockTemplate template, boolean newTip);

  /**
   * The node's state, its text or its warnings changed. When it becomes {@code READY}, a template
   * has been delivered just before.
   */
  void onState(NodeState state);
}
