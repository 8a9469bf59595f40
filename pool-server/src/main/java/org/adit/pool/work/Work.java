package org.adit.pool.work;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.adit.hasher.MerkleBranch;
import org.adit.pool.bitcoind.BlockTemplate;

/**
 * Everything there is to mine at one moment: a template, its merkle branch, and the jobs made of
 * it, one for each coinbase somebody asked for. Thread-safe.
 */
public final class Work {
  private final BlockTemplate template;
  private final Tip tip;
  private final boolean newTip;
  private final boolean clean;
  private final MerkleBranch branch;
  private final BlockRoom room;
  private final JobFactory factory;
  private final CoinbasePlan plan;
  private final ConcurrentHashMap<String, MiningJob> jobs = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<CoinbaseClass, Sample> samples = new ConcurrentHashMap<>();

  Work(BlockTemplate template, Tip tip, boolean newTip, boolean clean, JobFactory factory) {
    this.template = template;
    this.tip = tip;
    this.newTip = newTip;
    this.clean = clean;
    this.branch = JobFactory.branchOf(template);
    this.room = BlockRoom.of(template);
    this.factory = factory;
    this.plan = factory.policy().plan(template);
  }

  /**
   * The first job of a layout.
   *
   * @param account whom it was made for
   * @param layout the class its coinbase was laid out for
   */
  public record Sample(String account, CoinbaseClass layout, MiningJob job) {}

  /** The template of this work. */
  public BlockTemplate template() {
    return template;
  }

  /** The block this work extends. */
  public Tip tip() {
    return tip;
  }

  MerkleBranch branch() {
    return branch;
  }

  BlockRoom room() {
    return room;
  }

  CoinbasePlan plan() {
    return plan;
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

  /** The smallest class whose job is also this one's. */
  public CoinbaseClass layout(CoinbaseClass devices) {
    return plan.layout(devices);
  }

  /** The job that pays this account, for a device nobody knows. */
  public MiningJob jobFor(String account) {
    return jobFor(account, CoinbaseClass.UNKNOWN);
  }

  /**
   * The job that pays this account; the same one for all accounts and devices that share a
   * coinbase. Made when the first of them asks.
   *
   * @param devices how long a coinbase the miner takes
   */
  public MiningJob jobFor(String account, CoinbaseClass devices) {
    CoinbaseClass layout = plan.layout(devices);
    String key = plan.jobKey(account, layout);
    MiningJob known = jobs.get(key);
    return known == null ? jobs.computeIfAbsent(key, made -> first(account, layout)) : known;
  }

  private MiningJob first(String account, CoinbaseClass layout) {
    MiningJob job = factory.create(this, account, layout);
    samples.putIfAbsent(layout, new Sample(account, layout, job));
    return job;
  }

  /** For each layout that is in use, the first job made of it. */
  public List<Sample> samples() {
    return List.copyOf(samples.values());
  }

  /** A job of its own for one connection, of a device nobody knows. */
  public MiningJob freshJobFor(String account) {
    return freshJobFor(account, CoinbaseClass.UNKNOWN);
  }

  /** A job of its own for one connection: a search space that nobody has begun. */
  public MiningJob freshJobFor(String account, CoinbaseClass devices) {
    return factory.create(this, account, plan.layout(devices));
  }
}
