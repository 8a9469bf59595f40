package org.adit.accounting.address;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.bitcoinj.base.Address;
import org.bitcoinj.base.Base58;
import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.LegacyAddress;
import org.bitcoinj.base.SegwitAddress;
import org.bitcoinj.base.exceptions.AddressFormatException;
import org.bitcoinj.script.ScriptBuilder;
import org.jspecify.annotations.Nullable;

/**
 * An address the pool can pay to, on the network it runs on.
 *
 * @param text canonical spelling: segwit addresses in lower case
 * @param network the network asked for; base58 addresses of all test networks look alike
 * @param scriptPubKey the output script; two addresses are one account exactly when it is equal
 */
@SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out.
public record PayoutAddress(
    String text, AddressNetwork network, ScriptType type, byte[] scriptPubKey) {

  /** BIP173: at most 90 characters. Base58 addresses are shorter. */
  private static final int MAX_LENGTH = 90;

  public PayoutAddress {
    scriptPubKey = scriptPubKey.clone();
  }

  @Override
  public byte[] scriptPubKey() {
    return scriptPubKey.clone();
  }

  /** Canonical key of the account that owns this address. */
  public String scriptHex() {
    return HexFormat.of().formatHex(scriptPubKey);
  }

  /**
   * Reads an address.
   *
   * @throws AddressException when it is malformed, of another network (the message names both), or
   *     of a kind nobody could spend safely
   */
  public static PayoutAddress parse(AddressNetwork network, String text) throws AddressException {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new AddressException("an address has 1 to 90 characters, this has " + text.length());
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        throw new AddressException(
            "an address holds letters and digits only, character " + (i + 1) + " is neither");
      }
    }
    AddressNetwork own = segwitNetwork(text);
    if (own != null) {
      if (own != network) {
        throw wrongNetwork(own.title(), network);
      }
      return segwit(network, text);
    }
    return base58(network, text);
  }

  private static @Nullable AddressNetwork segwitNetwork(String text) {
    int separator = text.lastIndexOf('1');
    if (separator < 1) {
      return null;
    }
    String hrp = text.substring(0, separator).toLowerCase(Locale.ROOT);
    for (AddressNetwork network : AddressNetwork.values()) {
      if (network.hrp().equals(hrp)) {
        return network;
      }
    }
    return null;
  }

  private static PayoutAddress segwit(AddressNetwork network, String text) throws AddressException {
    SegwitAddress address;
    try {
      address = SegwitAddress.fromBech32(text, bitcoinj(network));
    } catch (IllegalArgumentException e) {
      throw malformed("segwit", e);
    }
    int length = address.getWitnessProgram().length;
    int version = address.getWitnessVersion();
    if (version == 0) {
      return of(
          address.toBech32(),
          network,
          length == 20 ? ScriptType.P2WPKH : ScriptType.P2WSH,
          address);
    }
    if (version == 1 && length == 32) {
      return of(address.toBech32(), network, ScriptType.P2TR, address);
    }
    throw new AddressException(
        "witness version "
            + version
            + " with "
            + length
            + " bytes has no spending rules yet, coins sent there could be taken by anyone"
            + " (expected: version 0, or version 1 with 32 bytes)");
  }

  private static PayoutAddress base58(AddressNetwork network, String text) throws AddressException {
    byte[] payload;
    try {
      payload = Base58.decodeChecked(text);
    } catch (AddressFormatException e) {
      throw malformed("base58 or segwit", e);
    }
    if (payload.length != 21) {
      throw new AddressException(
          "not a payment address: " + payload.length + " bytes (expected: 21)");
    }
    int version = payload[0] & 0xff;
    byte[] hash = Arrays.copyOfRange(payload, 1, 21);
    if (version == network.pubkeyHashVersion()) {
      return of(
          text, network, ScriptType.P2PKH, LegacyAddress.fromPubKeyHash(bitcoinj(network), hash));
    }
    if (version == network.scriptHashVersion()) {
      return of(
          text, network, ScriptType.P2SH, LegacyAddress.fromScriptHash(bitcoinj(network), hash));
    }
    if (version == 0 || version == 5) {
      throw wrongNetwork("mainnet", network);
    }
    if (version == 111 || version == 196) {
      throw wrongNetwork("a test network", network);
    }
    throw new AddressException(
        "address version " + version + " is not one of Bitcoin's (expected: 0, 5, 111 or 196)");
  }

  private static PayoutAddress of(
      String text, AddressNetwork network, ScriptType type, Address address) {
    return new PayoutAddress(
        text, network, type, ScriptBuilder.createOutputScript(address).program());
  }

  private static AddressException wrongNetwork(String own, AddressNetwork expected) {
    return new AddressException(
        "the address belongs to " + own + ", expected is an address of " + expected.title());
  }

  private static AddressException malformed(String kind, Exception cause) {
    String reason =
        switch (cause) {
          case AddressFormatException.InvalidChecksum e -> "its checksum is wrong";
          case AddressFormatException.InvalidCharacter e ->
              "character " + (e.position + 1) + " does not belong there";
          default -> "it does not decode";
        };
    return new AddressException("not a valid " + kind + " address: " + reason);
  }

  private static BitcoinNetwork bitcoinj(AddressNetwork network) {
    return switch (network) {
      case MAIN -> BitcoinNetwork.MAINNET;
      case TEST -> BitcoinNetwork.TESTNET;
      case REGTEST -> BitcoinNetwork.REGTEST;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PayoutAddress a
        && network == a.network
        && Arrays.equals(scriptPubKey, a.scriptPubKey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(scriptPubKey);
  }

  @Override
  public String toString() {
    return text;
  }
}
