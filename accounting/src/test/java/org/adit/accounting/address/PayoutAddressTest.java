package org.adit.accounting.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayoutAddressTest {

  /** Valid addresses and scripts from BIP173, BIP350, and the genesis coinbase. */
  @ParameterizedTest
  @CsvSource({
    "MAIN, BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4, P2WPKH,"
        + " 0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "TEST, tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7, P2WSH,"
        + " 00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
    "MAIN, bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0, P2TR,"
        + " 512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    "MAIN, 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa, P2PKH,"
        + " 76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac",
  })
  void publishedAddressesGiveTheirPublishedScripts(
      AddressNetwork network, String text, ScriptType type, String script) throws Exception {
    PayoutAddress address = PayoutAddress.parse(network, text);
    assertThat(address.type()).isEqualTo(type);
    assertThat(address.scriptHex()).isEqualTo(script);
    assertThat(address.scriptPubKey()).hasSize(type.scriptBytes());
  }

  @Test
  void theCaseOfASegwitAddressDoesNotMakeASecondAccount() throws Exception {
    String lower = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    PayoutAddress a = PayoutAddress.parse(AddressNetwork.REGTEST, lower);
    PayoutAddress b = PayoutAddress.parse(AddressNetwork.REGTEST, lower.toUpperCase(Locale.ROOT));
    assertThat(a).isEqualTo(b).hasSameHashCodeAs(b);
    assertThat(b.text()).isEqualTo(lower);
  }

  @Test
  void base58OfTestNetworksIsSharedByAllOfThem() throws Exception {
    String text = "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn";
    PayoutAddress test = PayoutAddress.parse(AddressNetwork.TEST, text);
    PayoutAddress regtest = PayoutAddress.parse(AddressNetwork.REGTEST, text);
    assertThat(test.scriptHex()).isEqualTo(regtest.scriptHex());
    assertThat(PayoutAddress.parse(AddressNetwork.REGTEST, "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc"))
        .extracting(PayoutAddress::type)
        .isEqualTo(ScriptType.P2SH);
  }

  @ParameterizedTest
  @CsvSource({
    "REGTEST, bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4, belongs to mainnet, address of regtest",
    "MAIN, tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx, belongs to testnet or signet, of mainnet",
    "TEST, bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080, belongs to regtest, of testnet or signet",
    "REGTEST, 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa, belongs to mainnet, address of regtest",
    "MAIN, mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn, belongs to a test network, address of mainnet",
  })
  void theWrongNetworkIsNamedWithTheExpectedOne(
      AddressNetwork network, String text, String own, String expected) {
    assertThatThrownBy(() -> PayoutAddress.parse(network, text))
        .isInstanceOf(AddressException.class)
        .hasMessageContaining(own)
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "alice",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n",
        "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3qccfmv3qccfmv3qccfmv3qccfmv3q",
        // BIP350: version 1 with the checksum of version 0, and the reverse.
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
        "bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        // Version 16, which anyone could spend.
        "BC1SW50QGDZ25J",
        // Version 1 with 2 bytes: pay to anchor.
        "bc1pfeessrawgf",
        // BIP173 zero-length data.
        "bc1gmk9yu",
      })
  void whatNobodyCouldSpendSafelyIsRefused(String text) {
    assertThatThrownBy(() -> PayoutAddress.parse(AddressNetwork.MAIN, text))
        .isInstanceOf(AddressException.class)
        .hasMessageNotContaining("null");
  }
}
