package org.adit.pool.work;

import java.util.Collection;
import java.util.List;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.jspecify.annotations.Nullable;

/**
 * A coinbase transaction with a hole for the extranonce: what stands before it, what stands after.
 *
 * <p>Layout and reasons: Stratum V1 specification section 5. Serialised without witness (that is
 * what miners hash); {@link #withWitness} gives the form that goes into the block.
 *
 * @param prefix everything up to and including the push opcode before the extranonce
 * @param suffix everything after the extranonce, beginning with the tag
 * @param extranonceBytes size of the hole
 * @param hasCommitment whether an output carries the BIP 141 witness commitment
 */
@SuppressWarnings(
    "ArrayRecordComponent") // immutable by agreement; copied nowhere on the share path
public record CoinbaseParts(
    byte[] prefix, byte[] suffix, int extranonceBytes, boolean hasCommitment) {
  /** Bytes of this pool's extranonce, connection prefix and miner's part together. */
  public static final int EXTRANONCE_BYTES = 12;

  /** Consensus bound of the coinbase's scriptSig. */
  static final int MAX_SCRIPT_SIG_BYTES = 100;

  private static final int OP_PUSHDATA1 = 0x4c;
  private static final int MAX_DIRECT_PUSH = 75;
  // Not final, so that the lock time binds (BIP 54 wants both, and nodes accept both today).
  private static final int SEQUENCE = 0xfffffffe;
  private static final int WITNESS_MARKER_BYTES = 2;
  private static final int WITNESS_BYTES = 34;

  /** Weight of what the witness adds: marker and flag, one item of 32 bytes. */
  static final int WITNESS_WEIGHT = WITNESS_MARKER_BYTES + WITNESS_BYTES;

  // Version, one input: outpoint, length of its script, sequence; lock time.
  private static final int FIXED_BYTES = 4 + 1 + 36 + 1 + 4 + 4;
  private static final int AMOUNT_BYTES = 8;

  /**
   * Lays a coinbase out.
   *
   * @param height of the block, 1 or more
   * @param aux values of the template's {@code coinbaseaux}, pushed in their order
   * @param salt 4 bytes that differ between any two jobs, so that each opens a fresh search space
   * @param tag printable mark of the pool; may be empty
   * @param payouts at least one; their sum must be {@code valueSat}
   * @param commitment the template's {@code default_witness_commitment} script, or null
   * @param valueSat the template's {@code coinbasevalue}: paying more is refused by nodes, paying
   *     less destroys money, so anything else throws
   */
  public static CoinbaseParts of(
      int height,
      Collection<byte[]> aux,
      int salt,
      byte[] tag,
      List<CoinbaseOutput> payouts,
      byte @Nullable [] commitment,
      long valueSat) {
    if (height < 1) {
      throw new IllegalArgumentException("height is " + height + " (expected: >= 1)");
    }
    requireExactValue(payouts, valueSat);
    ByteWriter head = new ByteWriter(64).bytes(Bip34Height.script(height));
    for (byte[] value : aux) {
      push(head, value);
    }
    head.u8(4).le32(salt);
    head.u8(EXTRANONCE_BYTES);
    ByteWriter tail = new ByteWriter(64);
    if (tag.length > 0) {
      push(tail, tag);
    }
    int scriptSigBytes = head.size() + EXTRANONCE_BYTES + tail.size();
    if (scriptSigBytes > MAX_SCRIPT_SIG_BYTES) {
      throw new IllegalArgumentException(
          "coinbase scriptSig has "
              + scriptSigBytes
              + " bytes (expected: <= "
              + MAX_SCRIPT_SIG_BYTES
              + "); use a shorter tag");
    }
    byte[] prefix =
        new ByteWriter(128)
            .le32(2)
            .u8(1)
            .fill(0, 32)
            .fill(0xff, 4)
            .compactSize(scriptSigBytes)
            .bytes(head.toBytes())
            .toBytes();
    tail.le32(SEQUENCE);
    writeOutputs(tail, payouts, commitment);
    tail.le32(height - 1);
    return new CoinbaseParts(prefix, tail.toBytes(), EXTRANONCE_BYTES, commitment != null);
  }

  /**
   * Bytes of a coinbase, laid out by {@link #of}, beside its payouts and their count.
   *
   * @param height of the block
   * @param aux values of the template's {@code coinbaseaux}
   * @param tagBytes length of the pool's mark
   * @param commitment as for {@link #of}
   */
  public static int frameBytes(
      int height, Collection<byte[]> aux, int tagBytes, byte @Nullable [] commitment) {
    int scriptSig = Bip34Height.script(height).length + 1 + 4 + 1 + EXTRANONCE_BYTES;
    for (byte[] value : aux) {
      scriptSig += pushBytes(value.length);
    }
    scriptSig += tagBytes == 0 ? 0 : pushBytes(tagBytes);
    int commitmentBytes = commitment == null ? 0 : AMOUNT_BYTES + 1 + commitment.length;
    return FIXED_BYTES + scriptSig + commitmentBytes;
  }

  private static int pushBytes(int length) {
    return length + (length <= MAX_DIRECT_PUSH ? 1 : 2);
  }

  /**
   * Checks that it fits into what its transactions leave of a block.
   *
   * @throws IllegalArgumentException when it does not
   */
  void requireRoom(BlockRoom room) {
    if (size() > room.coinbaseBytes()) {
      throw new IllegalArgumentException(
          "coinbase has "
              + size()
              + " bytes (expected: <= "
              + room.coinbaseBytes()
              + ", what its transactions leave of the block)");
    }
  }

  /** Bytes of the coinbase without witness, extranonce included. */
  public int size() {
    return prefix.length + extranonceBytes + suffix.length;
  }

  /**
   * The coinbase without witness, as miners hash it.
   *
   * @param extranonce {@link #extranonceBytes} of them
   */
  public byte[] assemble(byte[] extranonce) {
    requireExtranonce(extranonce);
    return new ByteWriter(size()).bytes(prefix).bytes(extranonce).bytes(suffix).toBytes();
  }

  /** Transaction id of the coinbase with this extranonce: what the merkle root starts from. */
  public Hash256 txid(byte[] extranonce) {
    return Sha256d.hash256(assemble(extranonce));
  }

  /**
   * The coinbase as it stands in the block: with the reserved value of BIP 141 as its witness when
   * there is a commitment, else as hashed.
   */
  public byte[] withWitness(byte[] extranonce) {
    byte[] bare = assemble(extranonce);
    if (!hasCommitment) {
      return bare;
    }
    int lockTimeAt = bare.length - 4;
    return new ByteWriter(bare.length + WITNESS_MARKER_BYTES + WITNESS_BYTES)
        .bytes(bare, 0, 4)
        .u8(0)
        .u8(1)
        .bytes(bare, 4, lockTimeAt - 4)
        .u8(1)
        .u8(32)
        .fill(0, 32)
        .bytes(bare, lockTimeAt, 4)
        .toBytes();
  }

  private static void requireExactValue(List<CoinbaseOutput> payouts, long valueSat) {
    if (payouts.isEmpty()) {
      throw new IllegalArgumentException("coinbase has no payout (expected: at least one)");
    }
    long sum = 0;
    for (CoinbaseOutput payout : payouts) {
      sum = Math.addExact(sum, payout.amountSat());
    }
    if (sum != valueSat) {
      throw new IllegalArgumentException(
          "coinbase payouts sum to " + sum + " sat (expected: exactly " + valueSat + ")");
    }
  }

  private void requireExtranonce(byte[] extranonce) {
    if (extranonce.length != extranonceBytes) {
      throw new IllegalArgumentException(
          "extranonce has " + extranonce.length + " bytes (expected: " + extranonceBytes + ")");
    }
  }

  private static void writeOutputs(
      ByteWriter out, List<CoinbaseOutput> payouts, byte @Nullable [] commitment) {
    out.compactSize(payouts.size() + (commitment == null ? 0 : 1));
    for (CoinbaseOutput payout : payouts) {
      byte[] script = payout.scriptPubKey();
      out.le64(payout.amountSat()).compactSize(script.length).bytes(script);
    }
    if (commitment != null) {
      out.le64(0).compactSize(commitment.length).bytes(commitment);
    }
  }

  private static void push(ByteWriter out, byte[] data) {
    if (data.length <= MAX_DIRECT_PUSH) {
      out.u8(data.length);
    } else {
      out.u8(OP_PUSHDATA1).u8(data.length);
    }
    out.bytes(data);
  }
}
