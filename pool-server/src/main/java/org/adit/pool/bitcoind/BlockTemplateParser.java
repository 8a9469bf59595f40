package org.adit.pool.bitcoind;

import static org.adit.pool.bitcoind.JsonFields.refused;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.adit.config.Network;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.TemplateRefusedException.Reason;
import tools.jackson.databind.JsonNode;

/**
 * Turns a {@code getblocktemplate} answer into a {@link BlockTemplate} and refuses what must not be
 * mined (the template guard; Stratum V1 specification 6.1, 6.2).
 */
public final class BlockTemplateParser {
  /** Rules of BIP 9 and its successors this program builds blocks by. */
  private static final Set<String> KNOWN_RULES = Set.of("csv", "segwit", "signet", "taproot");

  /** 21 million coins: no coinbase and no fee is larger. */
  private static final long MAX_MONEY_SAT = 21_000_000L * 100_000_000L;

  /** BIP 141. */
  private static final int MAX_BLOCK_WEIGHT = 4_000_000;

  /** BIP 141. */
  private static final int MAX_BLOCK_SIGOPS_COST = 80_000;

  private static final long MAX_UINT32 = 0xffff_ffffL;

  /** OP_TRUE: the one challenge whose solution is empty, so that any miner can meet it. */
  private static final byte[] OPEN_CHALLENGE = {0x51};

  private final Network network;

  /**
   * A parser for templates of one chain.
   *
   * @param network the chain the pool is configured for
   */
  public BlockTemplateParser(Network network) {
    this.network = network;
  }

  /** The {@code rules} to ask with: signet nodes insist on being asked for signet. */
  public static List<String> rulesToAskFor(Network network) {
    return network == Network.SIGNET ? List.of("segwit", "signet") : List.of("segwit");
  }

  /**
   * Reads and checks one answer.
   *
   * @param answer the {@code result} of getblocktemplate
   * @param receivedAt when it arrived
   * @throws TemplateRefusedException if anything is missing, odd, contradictory or beyond what the
   *     pool knows
   */
  public BlockTemplate parse(JsonNode answer, Instant receivedAt) throws TemplateRefusedException {
    JsonFields fields = new JsonFields("block template", answer);
    int version = version(fields);
    List<String> rules = rules(fields);
    int bits = bits(fields);
    List<TemplateTransaction> transactions = transactions(fields);
    long fees = 0;
    for (TemplateTransaction transaction : transactions) {
      fees += transaction.feeSat();
    }
    long coinbaseValue = fields.integer("coinbasevalue", 0, MAX_MONEY_SAT);
    if (fees > coinbaseValue) {
      throw refused(
          "block template: coinbasevalue "
              + coinbaseValue
              + " sat is less than the transactions' fees, "
              + fees
              + " sat");
    }
    long minTime = fields.integer("mintime", 0, MAX_UINT32);
    return new BlockTemplate(
        network,
        (int) fields.integer("height", 1, Integer.MAX_VALUE),
        version,
        (int) fields.integer("vbrequired", 0, Integer.MAX_VALUE),
        hash(fields, "previousblockhash"),
        transactions,
        coinbaseValue,
        fees,
        coinbaseAux(fields),
        minTime,
        fields.integer("curtime", minTime, MAX_UINT32),
        bits,
        Target.ofCompact(bits),
        optionalHex(fields, "default_witness_commitment"),
        rules,
        fields.text("longpollid"),
        signetChallenge(fields),
        receivedAt);
  }

  private static int version(JsonFields fields) throws TemplateRefusedException {
    long version = fields.integer("version", Integer.MIN_VALUE, MAX_UINT32);
    if ((version & 0x8000_0000L) != 0) {
      throw new TemplateRefusedException(
          Reason.UNSUPPORTED_FORK,
          "block template: version 0x"
              + HexFormat.of().toHexDigits((int) version)
              + " has bit 31 set, which marks blocks of a fork that is not SHA-256d; point the pool at a Bitcoin Core"
              + " node");
    }
    return (int) version;
  }

  private static List<String> rules(JsonFields fields) throws TemplateRefusedException {
    List<String> rules = new ArrayList<>();
    for (JsonNode entry : fields.array("rules")) {
      if (!entry.isString()) {
        throw refused("block template: rules holds something that is no text");
      }
      String rule = entry.stringValue();
      // BIP 9: "!" marks a rule that changes how blocks are built, so a miner without it must keep
      // away.
      if (rule.startsWith("!") && !KNOWN_RULES.contains(rule.substring(1))) {
        throw new TemplateRefusedException(
            rule.equals("!blake2b") ? Reason.UNSUPPORTED_FORK : Reason.NOT_UNDERSTOOD,
            "block template: rule "
                + Printable.of(rule)
                + " must be known to build a block and this program does not (known: csv, segwit, signet, taproot);"
                + " use a node without it, or a newer Adit");
      }
      rules.add(rule);
    }
    return List.copyOf(rules);
  }

  private static int bits(JsonFields fields) throws TemplateRefusedException {
    String text = fields.text("bits");
    String targetText = fields.text("target");
    int bits;
    Target fromBits;
    Target target;
    try {
      bits = CompactBits.parse(text);
      fromBits = Target.ofCompact(bits);
      target = Target.ofHex(targetText);
    } catch (IllegalArgumentException e) {
      throw refused("block template: bits or target cannot be read: " + e.getMessage());
    }
    if (!fromBits.equals(target)) {
      throw refused(
          "block template: target "
              + target.toHex()
              + " disagrees with bits "
              + CompactBits.format(bits)
              + ", which means "
              + fromBits.toHex());
    }
    return bits;
  }

  private static List<TemplateTransaction> transactions(JsonFields fields)
      throws TemplateRefusedException {
    JsonNode entries = fields.array("transactions");
    List<TemplateTransaction> transactions = new ArrayList<>(entries.size());
    for (JsonNode entry : entries) {
      JsonFields tx =
          new JsonFields("block template, transaction " + (transactions.size() + 1), entry);
      transactions.add(
          new TemplateTransaction(
              tx.hex("data"),
              hash(tx, "txid"),
              (int) tx.integer("weight", 1, MAX_BLOCK_WEIGHT),
              (int) tx.integer("sigops", 0, MAX_BLOCK_SIGOPS_COST),
              tx.integer("fee", 0, MAX_MONEY_SAT)));
    }
    return List.copyOf(transactions);
  }

  private static Map<String, byte[]> coinbaseAux(JsonFields fields)
      throws TemplateRefusedException {
    Map<String, byte[]> aux = new LinkedHashMap<>();
    if (fields.has("coinbaseaux")) {
      JsonNode object = fields.node("coinbaseaux");
      JsonFields inner = new JsonFields("block template, coinbaseaux", object);
      for (String name : object.propertyNames()) {
        aux.put(name, inner.hex(name));
      }
    }
    return Collections.unmodifiableMap(aux);
  }

  private Optional<byte[]> signetChallenge(JsonFields fields) throws TemplateRefusedException {
    Optional<byte[]> challenge = optionalHex(fields, "signet_challenge");
    if (challenge.isPresent() != (network == Network.SIGNET)) {
      throw new TemplateRefusedException(
          Reason.WRONG_CHAIN,
          challenge.isPresent()
              ? "block template: it is for a signet, but the pool is configured for "
                  + network.configName()
              : "block template: it has no signet_challenge, but the pool is configured for signet");
    }
    if (challenge.isPresent() && !Arrays.equals(challenge.get(), OPEN_CHALLENGE)) {
      throw new TemplateRefusedException(
          Reason.WRONG_CHAIN,
          "block template: blocks of this signet must be signed (its challenge is not 51, OP_TRUE), which a pool cannot"
              + " do; start bitcoind with -signet -signetchallenge=51");
    }
    return challenge;
  }

  private static Optional<byte[]> optionalHex(JsonFields fields, String name)
      throws TemplateRefusedException {
    return fields.has(name) ? Optional.of(fields.hex(name)) : Optional.empty();
  }

  private static Hash256 hash(JsonFields fields, String name) throws TemplateRefusedException {
    try {
      return Hash256.ofDisplayHex(fields.text(name));
    } catch (IllegalArgumentException e) {
      throw refused(fields.where() + ": " + name + ": " + e.getMessage());
    }
  }
}
