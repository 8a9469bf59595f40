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
  private final int columns = Terminal.isOne() ? Terminal.columns() : Integer.MAX_VALUE;

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
    spec.commandLine().getOut().println(toText(node));
    spec.commandLine().getOut().flush();
  }

  void print(Table table, String whenEmpty) {
    if (table.isEmpty()) {
      spec.commandLine().getOut().println(whenEmpty);
    } else {
      spec.commandLine().getOut().print(table.fitting(columns).format(Ansi.AUTO.enabled()));
    }
    spec.commandLine().getOut().flush();
  }

  /** Prints a line for people, broken between words where the terminal is narrower. */
  void line(String text) {
    Lines.fitting(text, columns).forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
  }
}
