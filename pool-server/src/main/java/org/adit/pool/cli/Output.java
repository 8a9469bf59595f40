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
  private final CommandSpec spec;
  private final ObjectMapper json = JsonMapper.builder().build();

  Output(CommandSpec spec) {
    this.spec = spec;
  }

  ArrayNode array() {
    return json.createArrayNode();
  }

  ObjectNode object() {
    return json.createObjectNode();
  }

  String toText(JsonNode node) {
    return json.writeValueAsString(node);
  }

  void print(JsonNode node) {
    line(toText(node));
  }

  void print(Table table, String whenEmpty) {
    if (table.isEmpty()) {
      spec.commandLine().getOut().println(whenEmpty);
    } else {
      spec.commandLine().getOut().print(table.format(Ansi.AUTO.enabled()));
    }
    spec.commandLine().getOut().flush();
  }

  void line(String text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }
}
