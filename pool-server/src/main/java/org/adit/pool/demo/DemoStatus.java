package org.adit.pool.demo;

import java.math.BigInteger;
import java.util.List;

/**
 * What there is to see at one moment.
 *
 * @param phase what the demo is doing
 * @param nodeVersion as the node calls itself
 * @param chain the node's word for its chain
 * @param height of the node's tip
 * @param mempool transactions waiting
 * @param pool where miners connect; empty before the pool is open
 * @param hashrate of the demo's miners together, hashes per second
 * @param workers the workers
 * @param blocks blocks of the pool, oldest first
 */
public record DemoStatus(
    String phase,
    String nodeVersion,
    String chain,
    int height,
    long mempool,
    String pool,
    double hashrate,
    List<WorkerLine> workers,
    List<DemoBlock> blocks) {

  /**
   * One worker.
   *
   * @param account who is paid
   * @param worker its name
   * @param hashrate hashes per second, as the miner counts them
   * @param accepted shares on disk
   * @param rejected shares refused
   * @param work of the accepted shares, expected hashes
   * @param subsidySat credited of subsidies
   * @param feesSat credited of fees
   */
  public record WorkerLine(
      String account,
      String worker,
      double hashrate,
      long accepted,
      long rejected,
      BigInteger work,
      long subsidySat,
      long feesSat) {}
}
