package org.adit.pool.cli;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where commands print: tables with colour on a terminal, plain text in a pipe, JSON on request.
 */
final class Output {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final CommandSpec spec;

  Output(CommandSpec spec) {
    this.spec = spec;
  }

  ArrayNode array() {
    return JSON.createArrayNode();
  }

  ObjectNode object() {
    return newObject();
  }

  /** An empty object. */
  static ObjectNode newObject() {
    return JSON.createObjectNode();
  }

  String toText(JsonNode node) {
    return JSON.writeValueAsString(node);
  }

  void print(JsonNode node) {
    line(toText(node));
  }

  void print(Table table, String whenEmpty) {
    if (table.isEmpty()) {
      spec.commandLine().getOut().println(whenEmpty);
    } else {
      int room = Terminal.isOne() ? Terminal.columns() : Integer.MAX_VALUE;
      spec.commandLine().getOut().print(table.fitting(room).format(Ansi.AUTO.enabled()));
    }
    spec.commandLine().getOut().flush();
  }

  void line(String text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }
}
