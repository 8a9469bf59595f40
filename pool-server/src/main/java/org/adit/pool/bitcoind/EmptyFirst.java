package org.adit.pool.bitcoind;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.adit.hasher.Target;

/**
 * Makes the template of a block without transactions on a tip whose full template the node is still
 * making (Stratum V1 specification 3.6). Pure; makes none where anything it would have to guess
 * could make the block invalid.
 */
final class EmptyFirst {
  /** Difficulty, and rules with it, may change at multiples of this. */
  private static final int PERIOD = 2_016;

  /** On regtest rules change more often (BIP 9's window there). */
  private static final int REGTEST_PERIOD = 144;

  /**
   * BIP 141: {@code OP_RETURN}, 36 bytes, mark. What follows for a block of a coinbase alone hashes
   * a witness root and a reserved value that are both zero. Signet asks for the output even there.
   */
  private static final byte[] COMMITMENT_HEAD = {
    0x6a, 0x24, (byte) 0xaa, 0x21, (byte) 0xa9, (byte) 0xed
  };

  private EmptyFirst() {}

  /**
   * The template of an empty block on a new tip.
   *
   * @param last the last full template of the same node; its version, rules and marks still hold
   * @param tip the new tip, valid by the node's word
   * @param now this machine's time
   * @return empty where the next block's target, subsidy or rules cannot be known for sure
   */
  static Optional<BlockTemplate> on(BlockTemplate last, TipHeader tip, Instant now) {
    int height = tip.height() + 1;
    Network network = last.network();
    int period = network == Network.REGTEST ? REGTEST_PERIOD : PERIOD;
    if (!tip.inChain()
        || height % PERIOD == 0
        || height / period != last.height() / period
        || last.subsidySat() != Subsidy.sat(network, last.height())) {
      return Optional.empty();
    }
    long minTime = tip.medianTime() + 1;
    BlockTemplate empty =
        new BlockTemplate(
            network,
            height,
            last.version(),
            last.vbRequired(),
            tip.hash(),
            List.of(),
            Subsidy.sat(network, height),
            0,
            last.coinbaseAux(),
            minTime,
            Math.max(minTime, last.curTime() + secondsSince(last, now)),
            tip.bits(),
            Target.ofCompact(tip.bits()),
            last.defaultWitnessCommitment().map(given -> commitment()),
            last.rules(),
            "",
            last.signetChallenge(),
            now,
            BlockTemplate.NO_MAX_TIME,
            true);
    return network == Network.TESTNET4
        ? MinDifficultyRule.onNormalWork(empty, tip)
        : Optional.of(empty);
  }

  private static long secondsSince(BlockTemplate last, Instant now) {
    return Math.max(0, now.getEpochSecond() - last.receivedAt().getEpochSecond());
  }

  private static byte[] commitment() {
    byte[] hash = Sha256d.hash(new byte[2 * Hash256.BYTES]);
    byte[] script = new byte[COMMITMENT_HEAD.length + hash.length];
    System.arraycopy(COMMITMENT_HEAD, 0, script, 0, COMMITMENT_HEAD.length);
    System.arraycopy(hash, 0, script, COMMITMENT_HEAD.length, hash.length);
    return script;
  }
}
