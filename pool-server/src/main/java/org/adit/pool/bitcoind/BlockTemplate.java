package org.adit.pool.bitcoind;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;

/**
 * What bitcoind proposes as the next block: an immutable, checked {@code getblocktemplate} answer
 * (BIP 22, 23, 145; Stratum V1 specification 6.1). Byte arrays are shared and must not be written
 * to.
 *
 * @param network the chain it is for
 * @param height of the block to be found, from 1
 * @param version as proposed; bit 31 is never set
 * @param vbRequired version bits the block must carry
 * @param previousBlock the tip this block follows
 * @param transactions to include, in this order, after the coinbase
 * @param coinbaseValueSat the most the coinbase may pay: subsidy and fees
 * @param feesSat sum of the transactions' fees; {@code coinbaseValueSat - feesSat} is the subsidy
 * @param coinbaseAux bytes the node wants in the coinbase input script, by name, in the node's
 *     order
 * @param minTime smallest allowed header time, Unix seconds
 * @param curTime the node's time (never below {@code minTime}), Unix seconds
 * @param bits the network target in compact form
 * @param target the network target, in agreement with {@code bits}
 * @param defaultWitnessCommitment output script of the BIP 141 commitment for exactly these
 *     transactions, when the node gave one
 * @param rules the rules in force as the node names them ({@code "!"} marks those a miner must
 *     know)
 * @param longPollId names this state of the node for the next long poll
 * @param signetChallenge the chain's block challenge on signet, else empty
 * @param receivedAt when the pool received it
 * @param maxTime largest header time for which {@code bits} hold, Unix seconds; {@link
 *     #NO_MAX_TIME} where only the node's clock bounds it
 * @param emptyFirst made by the pool itself without transactions, to bridge the time until the node
 *     has made the full one
 */
public record BlockTemplate(
    Network network,
    int height,
    int version,
    int vbRequired,
    Hash256 previousBlock,
    List<TemplateTransaction> transactions,
    long coinbaseValueSat,
    long feesSat,
    Map<String, byte[]> coinbaseAux,
    long minTime,
    long curTime,
    int bits,
    Target target,
    Optional<byte[]> defaultWitnessCommitment,
    List<String> rules,
    String longPollId,
    Optional<byte[]> signetChallenge,
    Instant receivedAt,
    long maxTime,
    boolean emptyFirst) {

  /** The header's time is an unsigned 32-bit number. */
  public static final long NO_MAX_TIME = 0xffff_ffffL;

  /** A node's template on a chain whose target does not depend on the block's time. */
  public BlockTemplate(
      Network network,
      int height,
      int version,
      int vbRequired,
      Hash256 previousBlock,
      List<TemplateTransaction> transactions,
      long coinbaseValueSat,
      long feesSat,
      Map<String, byte[]> coinbaseAux,
      long minTime,
      long curTime,
      int bits,
      Target target,
      Optional<byte[]> defaultWitnessCommitment,
      List<String> rules,
      String longPollId,
      Optional<byte[]> signetChallenge,
      Instant receivedAt) {
    this(
        network,
        height,
        version,
        vbRequired,
        previousBlock,
        transactions,
        coinbaseValueSat,
        feesSat,
        coinbaseAux,
        minTime,
        curTime,
        bits,
        target,
        defaultWitnessCommitment,
        rules,
        longPollId,
        signetChallenge,
        receivedAt,
        NO_MAX_TIME,
        false);
  }

  /**
   * Takes the parts as they are; {@link BlockTemplateParser} checks them. The collections must be
   * immutable.
   */
  public BlockTemplate {}

  /** What the chain itself pays for the block, in satoshi. */
  public long subsidySat() {
    return coinbaseValueSat - feesSat;
  }

  /**
   * The time a job made now should carry: the node's time carried on by this machine's clock,
   * within the bounds. Unix seconds.
   */
  public long timeAt(Instant now) {
    long ageSeconds = Math.max(0, now.getEpochSecond() - receivedAt.getEpochSecond());
    return Math.clamp(curTime + ageSeconds, minTime, Math.max(minTime, maxTime));
  }

  /** The same with other bounds of the header's time. */
  BlockTemplate withTimes(long newMinTime, long newMaxTime) {
    return new BlockTemplate(
        network,
        height,
        version,
        vbRequired,
        previousBlock,
        transactions,
        coinbaseValueSat,
        feesSat,
        coinbaseAux,
        newMinTime,
        Math.max(curTime, newMinTime),
        bits,
        target,
        defaultWitnessCommitment,
        rules,
        longPollId,
        signetChallenge,
        receivedAt,
        newMaxTime,
        emptyFirst);
  }

  /** Whether both build on the same tip. */
  public boolean sameTip(BlockTemplate other) {
    return previousBlock.equals(other.previousBlock);
  }

  @Override
  public String toString() {
    return "BlockTemplate["
        + network
        + " height "
        + height
        + " on "
        + previousBlock.toDisplayHex()
        + ", "
        + transactions.size()
        + " transactions, "
        + coinbaseValueSat
        + " sat]";
  }
}
