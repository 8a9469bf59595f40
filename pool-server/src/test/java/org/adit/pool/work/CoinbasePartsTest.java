package org.adit.pool.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;
import org.bitcoinj.base.internal.ByteUtils;
import org.bitcoinj.core.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoinbasePartsTest {
  private static final byte[] SCRIPT = HexFormat.of().parseHex("0014" + "ab".repeat(20));
  private static final byte[] COMMITMENT =
      HexFormat.of().parseHex("6a24aa21a9ed" + "cd".repeat(32));
  private static final byte[] TAG = "/Adit/".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final byte[] EXTRANONCE = HexFormat.of().parseHex("000102030405060708090a0b");

  private static CoinbaseParts parts(int height, List<CoinbaseOutput> payouts, long value) {
    return CoinbaseParts.of(height, List.of(), 0x01020304, TAG, payouts, COMMITMENT, value);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 127, 128, 255, 256, 32_767, 32_768, 65_536, 8_388_607, 8_388_608})
  void anotherLibraryReadsTheTransactionAsMeant(int height) {
    CoinbaseParts parts =
        parts(height, List.of(new CoinbaseOutput(SCRIPT, 5_000_000_000L)), 5_000_000_000L);

    Transaction bare = Transaction.read(java.nio.ByteBuffer.wrap(parts.assemble(EXTRANONCE)));
    Transaction full = Transaction.read(java.nio.ByteBuffer.wrap(parts.withWitness(EXTRANONCE)));

    assertThat(bare.isCoinBase()).isTrue();
    assertThat(bare.getVersion()).isEqualTo(2);
    assertThat(bare.getOutputs()).hasSize(2);
    assertThat(bare.getOutput(0).getValue().value).isEqualTo(5_000_000_000L);
    assertThat(bare.getOutput(0).getScriptBytes()).isEqualTo(SCRIPT);
    assertThat(bare.getOutput(1).getValue().value).isZero();
    assertThat(bare.getOutput(1).getScriptBytes()).isEqualTo(COMMITMENT);
    assertThat(bare.lockTime().rawValue()).isEqualTo(height - 1L);
    assertThat(bare.getInput(0).getSequenceNumber()).isEqualTo(0xfffffffeL);
    byte[] scriptSig = bare.getInput(0).getScriptBytes();
    assertThat(scriptSig).startsWith(Bip34Height.script(height)).endsWith(TAG);
    assertThat(ByteUtils.formatHex(scriptSig)).contains("0c000102030405060708090a0b06");
    assertThat(full.getTxId()).isEqualTo(bare.getTxId());
    assertThat(full.getTxId().toString()).isEqualTo(parts.txid(EXTRANONCE).toDisplayHex());
    assertThat(full.getInput(0).getWitness().getPush(0)).isEqualTo(new byte[32]);
  }

  @Test
  void withoutCommitmentThereIsNoWitness() {
    CoinbaseParts parts =
        CoinbaseParts.of(7, List.of(), 1, TAG, List.of(new CoinbaseOutput(SCRIPT, 50)), null, 50);

    assertThat(parts.withWitness(EXTRANONCE)).isEqualTo(parts.assemble(EXTRANONCE));
  }

  @Test
  void payingMoreOrLessThanTheValueIsRefused() {
    List<CoinbaseOutput> payouts = List.of(new CoinbaseOutput(SCRIPT, 100));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> parts(7, payouts, 99))
        .withMessageContaining("100 sat (expected: exactly 99)");
    assertThatIllegalArgumentException().isThrownBy(() -> parts(7, payouts, 101));
    assertThatIllegalArgumentException().isThrownBy(() -> parts(7, List.of(), 0));
  }

  @Test
  void aTagThatMakesTheScriptTooLongIsRefused() {
    byte[] tag = new byte[80];

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CoinbaseParts.of(
                1_000_000,
                List.of(),
                1,
                tag,
                List.of(new CoinbaseOutput(SCRIPT, 1)),
                COMMITMENT,
                1))
        .withMessageContaining("shorter tag");
  }

  @Test
  void whatTransactionsLeaveOfTheBlockBoundsTheCoinbase() {
    BlockTemplate template =
        Templates.of(
            7,
            Templates.hash(1),
            0x207fffff,
            0x20000000,
            0,
            List.of(transaction(3_000_000, 79_000), transaction(992_000, 600)));
    BlockRoom room = BlockRoom.of(template);
    // What a full template leaves by default: 8 000 less header, count and witness, in bytes.
    assertThat(room).isEqualTo(new BlockRoom(1_908, 400));
    assertThat(BlockRoom.of(Templates.empty(7, Templates.hash(1), 0x207fffff)).coinbaseBytes())
        .isEqualTo(999_908);

    parts(7, outputs(57), 57).requireRoom(room);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parts(7, outputs(58), 58).requireRoom(room))
        .withMessageContaining("<= 1908");
  }

  /** The longest tag the settings allow beside a fee in solo mining, and the longest scripts. */
  @Test
  void twoOutputsAndALongTagFitTheSmallestDevices() {
    CoinbaseOutput one = new CoinbaseOutput(new byte[34], 1);
    CoinbaseParts parts =
        CoinbaseParts.of(8_388_607, List.of(), 1, new byte[48], List.of(one, one), COMMITMENT, 2);
    assertThat(parts.size()).isEqualTo(CoinbaseClass.EVERYBODY.maxBytes());
  }

  private static TemplateTransaction transaction(int weight, int sigops) {
    return new TemplateTransaction(new byte[60], Templates.hash(weight), weight, sigops, 0);
  }

  private static List<CoinbaseOutput> outputs(int count) {
    return IntStream.range(0, count).mapToObj(i -> new CoinbaseOutput(SCRIPT, 1)).toList();
  }

  @Test
  void theFrameIsWhatRemainsWithoutPayoutsAndTheirCount() {
    Random random = new Random(20_261_122);
    for (int round = 0; round < 300; round++) {
      int height = 1 << random.nextInt(1, 24);
      List<byte[]> aux = random.nextBoolean() ? List.of() : List.of(new byte[random.nextInt(9)]);
      byte[] tag = new byte[random.nextInt(50)];
      byte[] commitment = random.nextBoolean() ? COMMITMENT : null;
      int count = 1 + random.nextInt(300);
      CoinbaseParts parts =
          CoinbaseParts.of(height, aux, 1, tag, outputs(count), commitment, count);
      int all = count + (commitment == null ? 0 : 1);
      assertThat(CoinbaseParts.frameBytes(height, aux, tag.length, commitment))
          .isEqualTo(parts.size() - count * 31 - (all < 253 ? 1 : 3));
    }
  }

  @Test
  void auxiliaryValuesStandInThePush() {
    byte[] aux = HexFormat.of().parseHex("c0ffee");
    CoinbaseParts parts =
        CoinbaseParts.of(
            300, List.of(aux), 1, TAG, List.of(new CoinbaseOutput(SCRIPT, 1)), COMMITMENT, 1);

    assertThat(HexFormat.of().formatHex(parts.prefix())).contains("022c0103c0ffee04");
  }

  @Test
  void anySplitOfTheValueKeepsEverySatoshi() {
    Random random = new Random(20_260_421);
    for (int round = 0; round < 200; round++) {
      long first = random.nextLong(5_000_000_000L);
      long second = random.nextLong(5_000_000_000L);
      CoinbaseParts parts =
          parts(
              1 + random.nextInt(3_000_000),
              List.of(new CoinbaseOutput(SCRIPT, first), new CoinbaseOutput(SCRIPT, second)),
              first + second);

      Transaction read = Transaction.read(java.nio.ByteBuffer.wrap(parts.assemble(EXTRANONCE)));

      assertThat(read.getOutputSum().value).isEqualTo(first + second);
    }
  }
}
