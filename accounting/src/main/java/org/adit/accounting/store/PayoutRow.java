package org.adit.accounting.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payout batch with everything known about it.
 *
 * @param id in ledger keys; letters, digits and dashes
 * @param atSequence the sequence the payees' addresses were taken at
 * @param atChange newest line of the log of account settings at that time
 * @param minersPay whether the planned network fee is taken from the amounts
 * @param feeRateSat satoshi per virtual byte it was planned with
 * @param note why it stands where it stands, for people
 * @param items who is paid
 * @param attempts its transactions, oldest first
 */
public record PayoutRow(
    String id,
    PayoutState state,
    long atSequence,
    long atChange,
    boolean minersPay,
    long feeRateSat,
    Instant createdAt,
    Instant updatedAt,
    String note,
    List<Item> items,
    List<Attempt> attempts) {

  /**
   * One payee.
   *
   * @param amountSat what leaves its payable balance
   * @param feeShareSat the part of that which goes to the network
   */
  @SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out.
  public record Item(
      String account, String address, byte[] script, long amountSat, long feeShareSat) {

    /**
     * Checks the amounts.
     *
     * @throws IllegalArgumentException when nothing would be left to pay
     */
    public Item {
      script = script.clone();
      if (amountSat < 1 || feeShareSat < 0 || feeShareSat >= amountSat) {
        throw new IllegalArgumentException(
            "amount "
                + amountSat
                + " with fee share "
                + feeShareSat
                + " (expected: 0 <= share < amount)");
      }
    }

    @Override
    public byte[] script() {
      return script.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Item item
          && account.equals(item.account)
          && address.equals(item.address)
          && Arrays.equals(script, item.script)
          && amountSat == item.amountSat
          && feeShareSat == item.feeShareSat;
    }

    @Override
    public int hashCode() {
      return Objects.hash(account, address, amountSat, feeShareSat) ^ Arrays.hashCode(script);
    }

    @Override
    public String toString() {
      return account + " " + amountSat + " sat to " + address;
    }

    /** What the payee receives. */
    public long outputSat() {
      return amountSat - feeShareSat;
    }
  }

  /**
   * An output that is spent.
   *
   * @param txid as people write it, 64 hex digits
   */
  public record Input(String txid, int vout) {}

  /**
   * One transaction.
   *
   * @param number 1 for the first of the batch
   * @param txid as people write it, 64 hex digits; known before signing, because every input is
   *     segwit
   * @param psbt BIP174 in base64, when it was made for an external signer
   * @param raw the signed transaction in hex, null before it is signed
   * @param feeSat what it pays to the network
   */
  public record Attempt(
      int number,
      AttemptState state,
      String txid,
      @Nullable String psbt,
      @Nullable String raw,
      long feeSat,
      int vsize,
      Instant createdAt,
      List<Input> inputs) {
    public Attempt {
      inputs = List.copyOf(inputs);
      if (txid.length() != 64 || HexFormat.of().parseHex(txid).length != 32) {
        throw new IllegalArgumentException("a transaction id has 64 hex digits");
      }
    }

    /** Whether it could still be in the chain one day. */
    public boolean isAlive() {
      return state != AttemptState.DEAD && state != AttemptState.WITHDRAWN;
    }

    /** Whether its payout may be given up for it: nobody was sent it, or it can never confirm. */
    public boolean isRevocable() {
      return state == AttemptState.UNSIGNED
          || state == AttemptState.SIGNED
          || state == AttemptState.DEAD
          || state == AttemptState.WITHDRAWN;
    }
  }

  public PayoutRow {
    items = List.copyOf(items);
    attempts = List.copyOf(attempts);
  }

  /** The same, its addresses taken at that place. */
  public PayoutRow at(long sequence, long change) {
    return new PayoutRow(
        id,
        state,
        sequence,
        change,
        minersPay,
        feeRateSat,
        createdAt,
        updatedAt,
        note,
        items,
        attempts);
  }

  /** What leaves the payable balances. */
  public long amountSat() {
    return items.stream().mapToLong(Item::amountSat).sum();
  }

  /** What the payees give to the network's fee. */
  public long feeShareSat() {
    return items.stream().mapToLong(Item::feeShareSat).sum();
  }

  /** What the payees receive. */
  public long outputSat() {
    return amountSat() - feeShareSat();
  }

  /** The transaction with that id. */
  public Optional<Attempt> attempt(String txid) {
    return attempts.stream().filter(attempt -> attempt.txid().equals(txid)).findFirst();
  }

  /** The transaction that is in the active chain. */
  public Optional<Attempt> confirmed() {
    return attempts.stream()
        .filter(attempt -> attempt.state() == AttemptState.CONFIRMED)
        .findFirst();
  }
}
