package org.adit.pool.recall;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.MerkleBranch;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;
import org.adit.pool.work.CoinbaseParts;
import org.adit.pool.work.FrozenList;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;

/**
 * Templates and jobs as bytes: big-endian numbers, arrays and lists after their length. Read back
 * only by the same format version, so there is no field that may be missing.
 */
final class JobCodec {
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_ITEMS = 1 << 20;

  private JobCodec() {}

  static byte[] ofTemplate(BlockTemplate template) {
    return bytes(out -> {
      out.writeUTF(template.network().name());
      out.writeInt(template.height());
      out.writeInt(template.version());
      out.writeInt(template.vbRequired());
      hash(out, template.previousBlock());
      out.writeInt(template.transactions().size());
      for (TemplateTransaction transaction : template.transactions()) {
        array(out, transaction.data());
        hash(out, transaction.txid());
        out.writeInt(transaction.weight());
        out.writeInt(transaction.sigops());
        out.writeLong(transaction.feeSat());
      }
      out.writeLong(template.coinbaseValueSat());
      out.writeLong(template.feesSat());
      out.writeInt(template.coinbaseAux().size());
      for (Map.Entry<String, byte[]> entry : template.coinbaseAux().entrySet()) {
        out.writeUTF(entry.getKey());
        array(out, entry.getValue());
      }
      out.writeLong(template.minTime());
      out.writeLong(template.curTime());
      out.writeInt(template.bits());
      optional(out, template.defaultWitnessCommitment());
      out.writeInt(template.rules().size());
      for (String rule : template.rules()) {
        out.writeUTF(rule);
      }
      out.writeUTF(template.longPollId());
      optional(out, template.signetChallenge());
      out.writeLong(template.receivedAt().toEpochMilli());
      out.writeLong(template.maxTime());
      out.writeBoolean(template.emptyFirst());
    });
  }

  static BlockTemplate template(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Network network = network(in.readUTF());
    int height = in.readInt();
    int version = in.readInt();
    int vbRequired = in.readInt();
    Hash256 previous = hash(in);
    int count = count(in);
    List<TemplateTransaction> transactions = new ArrayList<>(Math.min(count, 10_000));
    for (int i = 0; i < count; i++) {
      transactions.add(
          new TemplateTransaction(array(in), hash(in), in.readInt(), in.readInt(), in.readLong()));
    }
    long value = in.readLong();
    long fees = in.readLong();
    Map<String, byte[]> aux = new LinkedHashMap<>();
    int auxCount = count(in);
    for (int i = 0; i < auxCount; i++) {
      aux.put(in.readUTF(), array(in));
    }
    long minTime = in.readLong();
    long curTime = in.readLong();
    int bits = in.readInt();
    Optional<byte[]> commitment = optional(in);
    List<String> rules = new ArrayList<>();
    int ruleCount = count(in);
    for (int i = 0; i < ruleCount; i++) {
      rules.add(in.readUTF());
    }
    String longPollId = in.readUTF();
    Optional<byte[]> challenge = optional(in);
    return new BlockTemplate(
        network,
        height,
        version,
        vbRequired,
        previous,
        List.copyOf(transactions),
        value,
        fees,
        Collections.unmodifiableMap(aux),
        minTime,
        curTime,
        bits,
        Target.ofCompact(bits),
        commitment,
        List.copyOf(rules),
        longPollId,
        challenge,
        Instant.ofEpochMilli(in.readLong()),
        in.readLong(),
        in.readBoolean());
  }

  static byte[] ofJob(MiningJob job) {
    return bytes(out -> {
      out.writeLong(job.id());
      array(out, job.coinbase().prefix());
      array(out, job.coinbase().suffix());
      out.writeInt(job.coinbase().extranonceBytes());
      out.writeBoolean(job.coinbase().hasCommitment());
      out.writeInt(job.version());
      out.writeInt(job.versionMask());
      out.writeLong(job.time());
      out.writeUTF(job.jobKey());
      out.writeLong(job.createdAtMillis());
      FrozenList frozen = job.frozen();
      out.writeBoolean(frozen != null);
      if (frozen != null) {
        out.writeLong(frozen.endSequence());
        out.writeInt(frozen.paidSat().size());
        for (Map.Entry<String, Long> paid : frozen.paidSat().entrySet()) {
          out.writeUTF(paid.getKey());
          out.writeLong(paid.getValue());
        }
      }
    });
  }

  /** The id of a job without the rest. */
  static long jobId(byte[] job) throws IOException {
    return new DataInputStream(new ByteArrayInputStream(job)).readLong();
  }

  static MiningJob job(byte[] bytes, BlockTemplate template, Tip tip, MerkleBranch branch)
      throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    long id = in.readLong();
    CoinbaseParts coinbase =
        new CoinbaseParts(array(in), array(in), in.readInt(), in.readBoolean());
    MiningJob job =
        MiningJob.of(
            id,
            template,
            tip,
            coinbase,
            branch,
            in.readInt(),
            in.readInt(),
            in.readLong(),
            in.readUTF(),
            in.readLong());
    return in.readBoolean() ? job.frozenBy(frozen(in)) : job;
  }

  private static FrozenList frozen(DataInputStream in) throws IOException {
    long endSequence = in.readLong();
    int count = count(in);
    Map<String, Long> paid = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      paid.put(in.readUTF(), in.readLong());
    }
    return new FrozenList(endSequence, paid);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return bytes.toByteArray();
  }

  private static Network network(String name) throws IOException {
    try {
      return Network.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IOException("unknown network in a stored template", e);
    }
  }

  private static void hash(DataOutputStream out, Hash256 hash) throws IOException {
    out.write(hash.toWire());
  }

  private static Hash256 hash(DataInputStream in) throws IOException {
    byte[] wire = new byte[32];
    in.readFully(wire);
    return Hash256.ofWire(wire);
  }

  private static void array(DataOutputStream out, byte[] data) throws IOException {
    out.writeInt(data.length);
    out.write(data);
  }

  private static byte[] array(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("a stored array has " + length + " bytes");
    }
    byte[] data = new byte[length];
    in.readFully(data);
    return data;
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MAX_ITEMS) {
      throw new IOException("a stored list has " + count + " entries");
    }
    return count;
  }

  private static void optional(DataOutputStream out, Optional<byte[]> value) throws IOException {
    out.writeBoolean(value.isPresent());
    if (value.isPresent()) {
      array(out, value.get());
    }
  }

  private static Optional<byte[]> optional(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(array(in)) : Optional.empty();
  }
}
