package org.adit.pool.stratum.v1;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.hasher.ShareBatchVerifier;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.mining.JobLifetimes;
import org.adit.pool.mining.SentJob;
import org.adit.pool.mining.ShareCheck;
import org.adit.pool.mining.ShareRequirement;
import org.adit.pool.mining.ShareVerdict;
import org.adit.pool.mining.Submission;
import org.adit.pool.mining.Worker;
import org.adit.pool.work.Bip34Height;
import org.adit.pool.work.CoinbaseParts;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs test vectors of the format {@value #FORMAT} through this server's own code: the submit
 * parser, the job, the share check, the notify encoder.
 */
public final class V1Vectors {
  /** Value of the file's {@code format} member. */
  public static final String FORMAT = "adit-stratum-v1-vectors/1";

  private static final HexFormat HEX = HexFormat.of();

  private V1Vectors() {}

  /**
   * One vector's outcome.
   *
   * @param name of the vector
   * @param failure what differs, or empty when it passed
   * @param supported false when this kind is not known here
   */
  public record Outcome(String name, Optional<String> failure, boolean supported) {}

  /** Runs every vector and conversion of a file. */
  public static List<Outcome> run(JsonNode file) {
    List<Outcome> outcomes = new ArrayList<>();
    for (JsonNode vector : file.path("vectors")) {
      outcomes.add(guarded(vector.path("name").asString("?"), () -> share(vector)));
    }
    for (Map.Entry<String, JsonNode> kind : file.path("conversions").properties()) {
      conversions(kind.getKey(), kind.getValue(), outcomes);
    }
    return outcomes;
  }

  private interface Check {
    @Nullable String run() throws Exception;
  }

  private static Outcome guarded(String name, Check check) {
    try {
      return new Outcome(name, Optional.ofNullable(check.run()), true);
    } catch (Exception e) {
      return new Outcome(name, Optional.of("failed: " + e), true);
    }
  }

  // ---- shares ----

  private static @Nullable String share(JsonNode vector) throws Exception {
    JsonNode notify = vector.required("notify");
    JsonNode expected = vector.required("expected");
    byte[] prefix = HEX.parseHex(vector.required("subscribe").required("extranonce1").asString());
    int size2 = vector.required("subscribe").required("extranonce2_size").asInt();
    JsonNode maskNode = vector.path("version_mask");
    int mask = maskNode.isString() ? HexFormat.fromHexDigits(maskNode.asString()) : 0;

    MiningJob job = job(notify, prefix.length + size2);
    SentJob sent =
        new SentJob(
            job,
            ShareRequirement.of(Difficulty.powerOfTwo(-60), job.networkTarget()),
            mask,
            0,
            prefix);
    Submission share =
        V1Submit.parse(
            new V1Request(1L, "mining.submit", null, strings(vector.required("submit"))),
            new Worker("vector", "vector", 1),
            size2);
    long clock = Integer.toUnsignedLong(share.ntime()) * 1_000;
    ShareBatchVerifier verifier = new ShareBatchVerifier(1);
    verifier.add(
        job.hashing().forChannel(prefix),
        share.extranonce2(),
        0,
        ShareCheck.version(sent, share),
        share.ntime(),
        share.nonce());
    verifier.verify();
    byte[] bytes = new byte[BlockHeader.BYTES];
    verifier.copyHeader(0, bytes, 0);
    BlockHeader header = BlockHeader.parse(bytes);
    Hash256 hash = verifier.hash(0);
    ShareCheck.Result result =
        ShareCheck.judge(
            sent,
            share,
            hash,
            new ShareCheck.Circumstances(
                Difficulty.powerOfTwo(-60), new JobLifetimes(clock, 0, 0, 1), 0, clock));

    byte[] extranonce = new byte[prefix.length + size2];
    System.arraycopy(prefix, 0, extranonce, 0, prefix.length);
    System.arraycopy(share.extranonce2(), 0, extranonce, prefix.length, size2);
    Differences differences = new Differences();
    differences.add("coinbase_tx", expected, HEX.formatHex(job.coinbase().assemble(extranonce)));
    differences.add("coinbase_txid", expected, job.coinbase().txid(extranonce).toDisplayHex());
    differences.add("merkle_root_internal", expected, header.merkleRoot().toWireHex());
    differences.add("header", expected, HEX.formatHex(header.toBytes()));
    differences.add("header_version", expected, V1Encoder.hex8(header.version()));
    differences.add("block_hash", expected, hash.toDisplayHex());
    differences.add("network_target", expected, job.networkTarget().toHex());
    if (!ShareCheck.mayRoll(sent, share)) {
      differences.text("version bits outside the mask");
    }
    if (expected.has("is_block") && expected.path("is_block").asBoolean() != result.isBlock()) {
      differences.text("is_block: got " + result.isBlock());
    }
    double difficulty = Difficulty.ofTarget(Target.ofHex(hash.toDisplayHex())).toDouble();
    double wanted = expected.path("share_difficulty").asDouble(difficulty);
    if (Math.abs(difficulty - wanted) > wanted * 1e-9) {
      differences.text("share_difficulty: got " + difficulty + ", expected " + wanted);
    }
    if (!(result.verdict() instanceof ShareVerdict.Accepted)) {
      differences.text("verdict: got " + result.verdict().label() + ", expected accepted");
    }
    compareNotify(job, notify, differences);
    return differences.toText();
  }

  private static MiningJob job(JsonNode notify, int extranonceBytes) {
    int bits = CompactBits.parse(notify.get(6).asString());
    List<Hash256> branch = new ArrayList<>();
    notify.get(4).forEach(entry -> branch.add(Hash256.ofWireHex(entry.asString())));
    BlockTemplate template =
        new BlockTemplate(
            Network.MAIN,
            1,
            HexFormat.fromHexDigits(notify.get(5).asString()),
            0,
            unswap(notify.get(1).asString()),
            List.of(),
            0,
            0,
            Map.of(),
            0,
            0,
            bits,
            Target.ofCompact(bits),
            Optional.empty(),
            List.of(),
            "",
            Optional.empty(),
            Instant.EPOCH);
    String id = notify.get(0).asString();
    return MiningJob.of(
        id.matches("[0-9a-f]{1,15}") ? Long.parseLong(id, 16) : 0,
        template,
        Tip.unlisted(template.previousBlock()),
        new CoinbaseParts(
            HEX.parseHex(notify.get(2).asString()),
            HEX.parseHex(notify.get(3).asString()),
            extranonceBytes,
            false),
        MerkleBranch.of(branch),
        template.version(),
        0,
        Integer.toUnsignedLong(HexFormat.fromHexDigits(notify.get(7).asString())),
        "vector",
        0);
  }

  private static void compareNotify(MiningJob job, JsonNode notify, Differences differences) {
    String line =
        new String(
            V1Encoder.notify(job, notify.get(8).asBoolean()),
            java.nio.charset.StandardCharsets.US_ASCII);
    String id = notify.get(0).asString();
    String rebuilt =
        notify.toString().replace("[\"" + id + "\"", "[\"" + V1Encoder.jobId(job.id()) + "\"");
    if (!line.contains("\"params\":" + rebuilt + "}")) {
      differences.text("notify: encoded " + line.strip());
    }
  }

  private static Hash256 unswap(String stratum) {
    byte[] swapped = HEX.parseHex(stratum);
    byte[] wire = new byte[32];
    for (int i = 0; i < 32; i++) {
      wire[i] = swapped[i ^ 3];
    }
    return Hash256.ofWire(wire);
  }

  private static List<@Nullable Object> strings(JsonNode array) {
    List<@Nullable Object> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asString()));
    return values;
  }

  // ---- conversions ----

  private static void conversions(String kind, JsonNode data, List<Outcome> outcomes) {
    switch (kind) {
      case "prevhash_word_swap" ->
          data.forEach(row ->
              outcomes.add(
                  guarded(kind + " " + row.path("display").asString(""), () -> swap(row))));
      case "bip34_height_script" ->
          data.properties()
              .forEach(row ->
                  outcomes.add(
                      guarded(
                          kind + " " + row.getKey(),
                          () ->
                              difference(
                                  HEX.formatHex(Bip34Height.script(Integer.parseInt(row.getKey()))),
                                  row.getValue().asString()))));
      case "difficulty_to_target" ->
          data.properties()
              .forEach(row ->
                  outcomes.add(
                      guarded(
                          kind + " " + row.getKey(),
                          () ->
                              difference(
                                  Difficulty.parse(row.getKey()).target().toHex(),
                                  row.getValue().asString()))));
      case "submit_nonce_padding" -> outcomes.add(guarded(kind, () -> noncePadding(data)));
      case "errors" ->
          data.forEach(row ->
              outcomes.add(
                  guarded(kind + ": " + row.path("case").asString(""), () -> errorCode(row))));
      case "bip34_accepted_by_node_at_heights" -> {
        // A remark on where the heights come from, nothing to compute.
      }
      default -> outcomes.add(new Outcome(kind, Optional.empty(), false));
    }
  }

  private static @Nullable String swap(JsonNode row) {
    Hash256 hash = Hash256.ofDisplayHex(row.required("display").asString());
    Differences differences = new Differences();
    differences.add("internal", row, hash.toWireHex());
    differences.add("stratum", row, V1Encoder.swappedPrevious(hash));
    return differences.toText();
  }

  private static @Nullable String noncePadding(JsonNode data) throws Exception {
    List<@Nullable Object> params = new ArrayList<>();
    params.addAll(List.of("w", "1", "00000000", "00000000", data.required("received").asString()));
    Submission share =
        V1Submit.parse(
            new V1Request(1L, "mining.submit", null, params), new Worker("vector", "vector", 1), 4);
    return difference(V1Encoder.hex8(share.nonce()), data.required("used").asString());
  }

  private static @Nullable String errorCode(JsonNode row) {
    String what = row.required("case").asString();
    int code =
        switch (what) {
          case "second identical submit" -> V1Error.of(new ShareVerdict.Duplicate()).code();
          case "job id never issued" -> V1Error.of(new ShareVerdict.UnknownJob()).code();
          case "job of the previous tip" -> V1Error.of(new ShareVerdict.StaleTip()).code();
          case "hash above job target" ->
              V1Error.of(new ShareVerdict.LowDifficulty(Target.MAX, Difficulty.of(1))).code();
          case "worker not authorised on this connection" -> V1Error.UNAUTHORIZED.code();
          case "submit before subscribe" -> V1Error.NOT_SUBSCRIBED.code();
          default ->
              what.startsWith("version bits outside mask")
                  ? V1Error.of(new ShareVerdict.VersionBitsNotAllowed(0)).code()
                  : 0;
        };
    return difference(Integer.toString(code), row.required("code").asString());
  }

  private static @Nullable String difference(String got, String expected) {
    return got.equals(expected) ? null : "got " + got + ", expected " + expected;
  }

  private static final class Differences {
    private final List<String> texts = new ArrayList<>();

    void add(String field, JsonNode expected, String got) {
      if (expected.has(field) && !expected.path(field).asString("").equals(got)) {
        text(field + ": got " + got + ", expected " + expected.path(field).asString(""));
      }
    }

    void text(String difference) {
      texts.add(difference);
    }

    @Nullable String toText() {
      return texts.isEmpty() ? null : String.join("; ", texts);
    }
  }
}
