package org.adit.accounting.address;

import java.util.Locale;

/**
 * Output scripts the pool pays to.
 *
 * <p>Dust is the smallest output a node relays by default (GetDustThreshold in Bitcoin Core's
 * policy): the cost of the output and of spending it, at the dust relay rate.
 */
public enum ScriptType {
  P2PKH(25, 148),
  P2SH(23, 148),
  P2WPKH(22, 67),
  P2WSH(34, 67),
  P2TR(34, 67),
  /** Pay to anchor; anyone can spend it, so it is never a payout address. */
  P2A(4, 67);

  /** Default of {@code -dustrelayfee}. */
  public static final long DEFAULT_DUST_RELAY_SAT_PER_KVB = 3000;

  /** One signature check outside of a witness, in units of a block's limit of 80 000 (BIP 141). */
  private static final int LEGACY_SIGOP_COST = 4;

  /** Amount field of an output. */
  private static final int AMOUNT_BYTES = 8;

  private final int scriptBytes;
  private final int spendVbytes;

  ScriptType(int scriptBytes, int spendVbytes) {
    this.scriptBytes = scriptBytes;
    this.spendVbytes = spendVbytes;
  }

  /** Length of the output script. */
  public int scriptBytes() {
    return scriptBytes;
  }

  /** Length of a whole output: amount, script length, script. */
  public int outputBytes() {
    return AMOUNT_BYTES + 1 + scriptBytes;
  }

  /**
   * What an output costs of a block's signature checks, counted in the script as it stands. Only
   * {@link #P2PKH} has one in plain sight.
   */
  public int sigopCost() {
    return this == P2PKH ? LEGACY_SIGOP_COST : 0;
  }

  /**
   * Reads a name such as {@code p2wpkh}.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public static ScriptType ofName(String name) {
    for (ScriptType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "unknown script type (expected: p2pkh, p2sh, p2wpkh, p2wsh, p2tr or p2a)");
  }

  /**
   * The type of an output script.
   *
   * @throws IllegalArgumentException when it is none of these
   */
  public static ScriptType ofScript(byte[] script) {
    for (ScriptType type : values()) {
      if (script.length == type.scriptBytes && (script[0] & 0xff) == type.opcode()) {
        return type;
      }
    }
    throw new IllegalArgumentException("not a payout script of a known type");
  }

  private int opcode() {
    return switch (this) {
      case P2PKH -> 0x76; // OP_DUP
      case P2SH -> 0xa9; // OP_HASH160
      case P2WPKH, P2WSH -> 0x00;
      case P2TR, P2A -> 0x51; // OP_1
    };
  }

  /** Smallest relayed output at the default rate, in satoshi. */
  public long dustSat() {
    return dustSat(DEFAULT_DUST_RELAY_SAT_PER_KVB);
  }

  /**
   * Smallest relayed output, in satoshi.
   *
   * @param relaySatPerKvb dust relay rate, satoshi per 1000 virtual bytes
   */
  public long dustSat(long relaySatPerKvb) {
    return relaySatPerKvb * (outputBytes() + spendVbytes) / 1000;
  }
}
