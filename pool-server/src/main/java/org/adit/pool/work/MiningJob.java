package org.adit.pool.work;

import java.util.List;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.hasher.ShareJob;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;
import org.jspecify.annotations.Nullable;

/**
 * One unit of work as handed to miners: a template with one coinbase. Immutable.
 *
 * <p>Its version has every bit of {@link #versionMask} cleared. Miners combine rolled bits with the
 * job's version by replacing, by OR or by XOR; the three agree exactly when those bits are zero
 * (Stratum V1 specification 3.5).
 *
 * @param id unique within this pool and never used again
 * @param template what the block is made of
 * @param tip the block this job extends, with the shares seen on it
 * @param coinbase the coinbase around the extranonce
 * @param branch merkle branch of the coinbase
 * @param version block version with the mask's bits cleared
 * @param versionMask bits a miner may roll
 * @param time block time to begin with, seconds since 1970
 * @param jobKey which coinbase this is, see {@link CoinbasePlan#jobKey}
 * @param createdAtMillis when it was made, milliseconds since 1970
 * @param hashing the job prepared for hashing its shares
 * @param frozen whom the coinbase pays by their work; null where it does not
 */
public record MiningJob(
    long id,
    BlockTemplate template,
    Tip tip,
    CoinbaseParts coinbase,
    MerkleBranch branch,
    int version,
    int versionMask,
    long time,
    String jobKey,
    long createdAtMillis,
    ShareJob hashing,
    @Nullable FrozenList frozen) {

  /** Checks the mask rule. */
  public MiningJob {
    if ((version & versionMask) != 0) {
      throw new IllegalArgumentException(
          String.format(
              "job version %08x has bits of the rolling mask %08x set (expected: none)",
              version, versionMask));
    }
  }

  /** Makes a job and prepares it for hashing; parameters as those of the record. */
  public static MiningJob of(
      long id,
      BlockTemplate template,
      Tip tip,
      CoinbaseParts coinbase,
      MerkleBranch branch,
      int version,
      int versionMask,
      long time,
      String jobKey,
      long createdAtMillis) {
    ShareJob hashing =
        ShareJob.of(
            coinbase.prefix(),
            coinbase.extranonceBytes(),
            coinbase.suffix(),
            branch,
            template.previousBlock(),
            template.bits());
    return new MiningJob(
        id,
        template,
        tip,
        coinbase,
        branch,
        version,
        versionMask,
        time,
        jobKey,
        createdAtMillis,
        hashing,
        null);
  }

  /** The same, its coinbase made from a list. */
  public MiningJob frozenBy(@Nullable FrozenList list) {
    return new MiningJob(
        id,
        template,
        tip,
        coinbase,
        branch,
        version,
        versionMask,
        time,
        jobKey,
        createdAtMillis,
        hashing,
        list);
  }

  /** Height of the block this job would become. */
  public int height() {
    return template.height();
  }

  /** Compact network target. */
  public int bits() {
    return template.bits();
  }

  /** Earliest block time allowed, seconds since 1970. */
  public long minTime() {
    return template.minTime();
  }

  /** Latest block time {@link #bits} hold for, seconds since 1970. */
  public long maxTime() {
    return template.maxTime();
  }

  /** What the coinbase pays beyond the fees, in satoshi. */
  public long subsidySat() {
    return template.subsidySat();
  }

  /** Transaction fees the coinbase pays, in satoshi. */
  public long feesSat() {
    return template.feesSat();
  }

  /** Transactions of the block, the coinbase included. */
  public int transactionCount() {
    return template.transactions().size() + 1;
  }

  /** What a header's hash must meet to be a block. */
  public Target networkTarget() {
    return template.target();
  }

  /**
   * The header of one attempt.
   *
   * @param extranonce all 12 bytes
   * @param fullVersion version with rolled bits already in place
   * @param ntime seconds since 1970 as an unsigned 32-bit number
   * @param nonce as a number
   */
  public BlockHeader header(byte[] extranonce, int fullVersion, int ntime, int nonce) {
    Hash256 root = branch.root(coinbase.txid(extranonce));
    return new BlockHeader(
        fullVersion, template.previousBlock(), root, ntime, template.bits(), nonce);
  }

  /**
   * The whole block, ready for {@code submitblock}: header, count, coinbase with its witness, the
   * template's transactions.
   *
   * @param header its 80 bytes
   * @param extranonce all 12 bytes
   */
  public byte[] assembleBlock(byte[] header, byte[] extranonce) {
    List<TemplateTransaction> transactions = template.transactions();
    int size = header.length + 9 + coinbase.size() + 40;
    for (TemplateTransaction transaction : transactions) {
      size += transaction.data().length;
    }
    ByteWriter block =
        new ByteWriter(size)
            .bytes(header)
            .compactSize(transactions.size() + 1)
            .bytes(coinbase.withWitness(extranonce));
    for (TemplateTransaction transaction : transactions) {
      block.bytes(transaction.data());
    }
    return block.toBytes();
  }
}
