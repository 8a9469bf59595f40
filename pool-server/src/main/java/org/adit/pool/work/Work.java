package org.adit.pool.work;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.adit.hasher.MerkleBranch;
import org.adit.pool.bitcoind.BlockTemplate;

/**
 * Everything there is to mine at one moment: a template, its merkle branch, and the jobs made of
 * it, one for each coinbase. Thread-safe.
 */
public final class Work {
  private final BlockTemplate template;
  private final Tip tip;
  private final boolean newTip;
  private final boolean clean;
  private final MerkleBranch branch;
  private final JobFactory factory;
  private final ConcurrentHashMap<String, MiningJob> jobs = new ConcurrentHashMap<>();

  Work(BlockTemplate template, Tip tip, boolean newTip, boolean clean, JobFactory factory) {
    this.template = template;
    this.tip = tip;
    this.newTip = newTip;
    this.clean = clean;
    this.branch = JobFactory.branchOf(template);
    this.factory = factory;
  }

  /** The template of this work. */
  public BlockTemplate template() {
    return template;
  }

  /** The block this work extends. */
  public Tip tip() {
    return tip;
  }

  /** Whether this is the first work on its tip, so that miners must drop what they have. */
  public boolean isNewTip() {
    return newTip;
  }

  /**
   * Whether miners are to leave at once what they have: it is of an older tip, or has no
   * transactions. Older jobs of the same tip earn all the same.
   */
  public boolean isClean() {
    return clean;
  }

  /** The job that pays this account; the same one for all accounts that share a coinbase. */
  public MiningJob jobFor(String account) {
    return jobs.computeIfAbsent(
        factory.policy().jobKey(account), key -> factory.create(template, tip, branch, account));
  }

  /** One of the jobs made of it so far; empty when nobody asked for one. */
  public Optional<MiningJob> anyJob() {
    return jobs.values().stream().findAny();
  }

  /** A job of its own for one connection: a search space that nobody has begun. */
  public MiningJob freshJobFor(String account) {
    return factory.create(template, tip, branch, account);
  }
}
