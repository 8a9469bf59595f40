package org.adit.pool.cli;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.adit.accounting.proof.AccountProof;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.proof.SumTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A proof as a JSON file. Weights are decimal strings, as they pass 2^53. */
final class ProofFile {
  static final String FORMAT = "adit-sum-proof/1";

  private static final int MAX_STEPS = 64;
  private static final Pattern WEIGHT = Pattern.compile("[0-9]{1,39}");

  private final ObjectMapper json = JsonMapper.builder().build();

  /** A file that is no proof; the message says where. */
  static final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    FormatException(String message) {
      super(message);
    }
  }

  String write(AccountProof proof) {
    ObjectNode node = json.createObjectNode();
    node.put("format", FORMAT);
    node.put("block", proof.block());
    node.put("height", proof.height());
    node.put("account", proof.account());
    node.put("nonce", proof.nonceHex());
    node.put("weight", proof.weight().toString());
    node.put("weight_unit", proof.weightUnit());
    node.put("sat", proof.amountSat());
    ArrayNode steps = node.putArray("steps");
    for (SumTree.Step step : proof.steps()) {
      put(steps.addObject().put("side", step.onTheRight() ? "R" : "L"), step.sibling());
    }
    put(node.putObject("root"), proof.root());
    return json.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
  }

  private static void put(ObjectNode node, SumNode sums) {
    node.put("hash", sums.hashHex());
    node.put("weight", sums.weight().toString());
    node.put("sat", sums.amountSat());
  }

  AccountProof read(String text) throws FormatException {
    try {
      JsonNode node = json.readTree(text);
      if (!FORMAT.equals(node.path("format").asString(""))) {
        throw new FormatException("\"format\" is not \"" + FORMAT + "\"");
      }
      JsonNode steps = node.required("steps");
      if (!steps.isArray() || steps.size() > MAX_STEPS) {
        throw new FormatException("\"steps\" is no list of at most " + MAX_STEPS);
      }
      List<SumTree.Step> path = new ArrayList<>();
      for (JsonNode step : steps) {
        String side = step.required("side").asString();
        if (!side.equals("R") && !side.equals("L")) {
          throw new FormatException("a step's \"side\" is neither \"L\" nor \"R\"");
        }
        path.add(new SumTree.Step(sums(step), side.equals("R")));
      }
      return new AccountProof(
          node.required("block").asString(),
          node.required("height").asInt(),
          node.required("account").asString(),
          node.required("nonce").asString(),
          weight(node),
          node.required("weight_unit").asString(),
          node.required("sat").asLong(),
          path,
          sums(node.required("root")));
    } catch (JacksonException e) {
      throw new FormatException("not the JSON of a proof: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  private static SumNode sums(JsonNode node) throws FormatException {
    return new SumNode(
        HexFormat.of().parseHex(node.required("hash").asString()),
        weight(node),
        node.required("sat").asLong());
  }

  private static BigInteger weight(JsonNode node) throws FormatException {
    String text = node.required("weight").asString();
    if (!WEIGHT.matcher(text).matches()) {
      throw new FormatException("a \"weight\" is no whole number of at most 39 digits");
    }
    return new BigInteger(text);
  }
}
