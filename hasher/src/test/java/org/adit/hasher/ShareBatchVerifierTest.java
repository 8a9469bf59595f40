package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Shares in batches against the plain way: build the coinbase, the root, the header, hash each. */
class ShareBatchVerifierTest {
  private static final HexFormat HEX = HexFormat.of();

  /** What a miner sends, and the header it means. */
  private static final class Share {
    final ChannelJob channel;
    final byte[] extranonce2;
    final byte[] header;
    final int version;
    final int time;
    final int nonce;

    Share(ChannelJob channel, byte[] extranonce2, BlockHeader header) {
      this.channel = channel;
      this.extranonce2 = extranonce2;
      this.header = header.toBytes();
      version = header.version();
      time = header.time();
      nonce = header.nonce();
    }
  }

  /** One by one, and each width of lanes from one share on, or only from half the lanes on. */
  static Stream<ShareBatchVerifier> verifiers() {
    List<ShareBatchVerifier> all = new ArrayList<>();
    all.add(new ShareBatchVerifier(100, () -> null));
    HashEngines.available().stream()
        .filter(engine -> engine.name().startsWith(VectorEngine.VERSIONS))
        .map(engine -> ((VectorEngine) engine).kernel())
        .forEach(kernel -> {
          all.add(new ShareBatchVerifier(100, () -> new ShareLanes(kernel, 1)));
          all.add(new ShareBatchVerifier(100, () -> new ShareLanes(kernel, kernel.lanes() / 2)));
        });
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("verifiers")
  void stratumVectors(ShareBatchVerifier verifier) {
    List<JsonNode> jobs = Vectors.stratumJobs().toList();
    for (JsonNode vector : jobs) {
      verifier.add(
          channelOf(vector),
          HEX.parseHex(vector.get("submit").get(2).asString()),
          0,
          HexFormat.fromHexDigits(vector.get("expected").get("header_version").asString()),
          HexFormat.fromHexDigits(vector.get("submit").get(3).asString()),
          HexFormat.fromHexDigits(vector.get("submit").get(4).asString()));
    }
    verifier.verify();
    byte[] header = new byte[80];
    for (int i = 0; i < jobs.size(); i++) {
      JsonNode expected = jobs.get(i).get("expected");
      verifier.copyHeader(i, header, 0);
      assertThat(HEX.formatHex(header)).isEqualTo(expected.get("header").asString());
      assertThat(verifier.hash(i).toDisplayHex()).isEqualTo(expected.get("block_hash").asString());
      assertThat(verifier.meets(i, Target.ofHex(expected.get("network_target").asString())))
          .isEqualTo(expected.get("is_block").asBoolean());
    }
  }

  @ParameterizedTest
  @MethodSource("verifiers")
  void batchesOfMixedJobsOfAllSizes(ShareBatchVerifier verifier) {
    SplittableRandom random = new SplittableRandom(8);
    List<ChannelJob> channels = new ArrayList<>();
    List<byte[][]> parts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      newChannels(random, i, channels, parts);
    }
    for (int size : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 100}) {
      verifier.clear();
      List<Share> shares = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int which = random.nextInt(size % 2 == 0 ? channels.size() : 3);
        Share share = newShare(random, channels.get(which), parts.get(which));
        shares.add(share);
        byte[] padded = new byte[share.extranonce2.length + 5];
        System.arraycopy(share.extranonce2, 0, padded, 5, share.extranonce2.length);
        assertThat(verifier.add(share.channel, padded, 5, share.version, share.time, share.nonce))
            .isEqualTo(i);
      }
      verifier.verify();
      byte[] header = new byte[90];
      byte[] hash = new byte[40];
      for (int i = 0; i < size; i++) {
        verifier.copyHeader(i, header, 10);
        verifier.copyHash(i, hash, 8);
        assertThat(header).endsWith(shares.get(i).header);
        assertThat(hash).endsWith(Sha256d.hash(shares.get(i).header));
        assertThat(verifier.hash(i)).isEqualTo(Sha256d.hashHeader(shares.get(i).header));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("verifiers")
  void sharesMayBeAddedAfterAVerification(ShareBatchVerifier verifier) {
    SplittableRandom random = new SplittableRandom(9);
    List<ChannelJob> channels = new ArrayList<>();
    List<byte[][]> parts = new ArrayList<>();
    newChannels(random, 5, channels, parts);
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Share share = newShare(random, channels.getFirst(), parts.getFirst());
      shares.add(share);
      verifier.add(share.channel, share.extranonce2, 0, share.version, share.time, share.nonce);
      if (i % 3 == 0) {
        verifier.verify();
      }
    }
    verifier.verify();
    for (int i = 0; i < 20; i++) {
      assertThat(verifier.hash(i)).isEqualTo(Sha256d.hashHeader(shares.get(i).header));
    }
  }

  @Test
  void badArgumentsAreNamed() {
    ShareJob job =
        ShareJob.of(
            new byte[41], 12, new byte[80], MerkleBranch.of(List.of()), Hash256.ZERO, 0x207fffff);
    ChannelJob channel = job.forChannel(new byte[4]);
    ShareBatchVerifier verifier = new ShareBatchVerifier(1);
    assertThatThrownBy(() -> verifier.hash(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("share: 0");
    assertThatThrownBy(() -> verifier.add(channel, new byte[8], 1, 0, 0, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(verifier.size()).isZero();
    verifier.add(channel, new byte[8], 0, 0, 0, 0);
    assertThatThrownBy(() -> verifier.add(channel, new byte[8], 0, 0, 0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("full with 1 shares");
    assertThatThrownBy(() -> job.forChannel(new byte[12]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 bytes (expected: at most 11");
    assertThatThrownBy(() -> new ShareBatchVerifier(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity: 0 shares (expected: 1 to 4096)");
    assertThatThrownBy(() ->
            ShareJob.of(new byte[0], 101, new byte[0], MerkleBranch.of(List.of()), Hash256.ZERO, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("extranonceSize: 101");
  }

  private static ChannelJob channelOf(JsonNode vector) {
    JsonNode notify = vector.get("notify");
    JsonNode subscribe = vector.get("subscribe");
    byte[] prefix = HEX.parseHex(subscribe.get("extranonce1").asString());
    byte[] previous =
        BlockHeader.parse(HEX.parseHex(vector.get("expected").get("header").asString()))
            .previous()
            .toWire();
    List<Hash256> branch =
        notify.get(4).valueStream().map(h -> Hash256.ofWireHex(h.asString())).toList();
    return ShareJob.of(
            HEX.parseHex(notify.get(2).asString()),
            prefix.length + subscribe.get("extranonce2_size").asInt(),
            HEX.parseHex(notify.get(3).asString()),
            MerkleBranch.of(branch),
            Hash256.ofWire(previous),
            CompactBits.parse(notify.get(6).asString()))
        .forChannel(prefix);
  }

  /**
   * Two connections of one job; sizes vary so that the extranonce falls inside, across and at block
   * borders.
   */
  private static void newChannels(
      SplittableRandom random, int levels, List<ChannelJob> channels, List<byte[][]> parts) {
    byte[] before = bytes(random, 41 + random.nextInt(90));
    byte[] after = bytes(random, 1 + random.nextInt(300));
    byte[] previous = bytes(random, 32);
    int extranonce2Size = 1 + random.nextInt(70);
    List<Hash256> branch =
        Stream.generate(() -> Hash256.ofWire(bytes(random, 32))).limit(levels).toList();
    int bits = random.nextInt();
    byte[] prefixA = bytes(random, random.nextInt(20));
    byte[] prefixB = bytes(random, prefixA.length);
    ShareJob job =
        ShareJob.of(
            before,
            prefixA.length + extranonce2Size,
            after,
            MerkleBranch.of(branch),
            Hash256.ofWire(previous),
            bits);
    for (byte[] prefix : List.of(prefixA, prefixB)) {
      channels.add(job.forChannel(prefix));
      byte[] branchBytes = new byte[32 * levels];
      for (int i = 0; i < levels; i++) {
        branch.get(i).copyTo(branchBytes, 32 * i);
      }
      parts.add(
          new byte[][] {
            before,
            prefix,
            after,
            branchBytes,
            previous,
            {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits}
          });
    }
  }

  private static Share newShare(SplittableRandom random, ChannelJob channel, byte[][] parts) {
    byte[] extranonce2 = bytes(random, channel.extranonce2Size());
    ByteArrayOutputStream coinbase = new ByteArrayOutputStream();
    coinbase.writeBytes(parts[0]);
    coinbase.writeBytes(parts[1]);
    coinbase.writeBytes(extranonce2);
    coinbase.writeBytes(parts[2]);
    List<Hash256> branch = new ArrayList<>();
    for (int at = 0; at < parts[3].length; at += 32) {
      branch.add(Hash256.ofWire(parts[3], at));
    }
    Hash256 root = MerkleBranch.of(branch).root(Sha256d.hash256(coinbase.toByteArray()));
    int bits = CompactBits.parse(HEX.formatHex(parts[5]));
    BlockHeader header =
        new BlockHeader(
            random.nextInt(),
            Hash256.ofWire(parts[4]),
            root,
            random.nextInt(),
            bits,
            random.nextInt());
    return new Share(channel, extranonce2, header);
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
