package org.adit.pool;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The served OpenAPI document, and whether answers are what it says. */
final class ApiDocument {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String HERE = "https://adit.invalid/openapi.json";

  private final JsonNode document;
  private final SchemaRegistry schemas;

  ApiDocument(String text) {
    document = JSON.readTree(text);
    schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(HERE, text)));
  }

  JsonNode json() {
    return document;
  }

  /** Paths that are read. */
  List<String> getPaths() {
    List<String> paths = new ArrayList<>();
    document
        .required("paths")
        .properties()
        .forEach(entry -> {
          if (entry.getValue().has("get")) {
            paths.add(entry.getKey());
          }
        });
    return paths;
  }

  String scope(String path) {
    return document.required("paths").required(path).required("get").required("x-scope").asString();
  }

  /** What is wrong with an answer; empty when it is as the document says. */
  List<String> problems(String path, String method, int status, String body) {
    JsonNode content =
        document
            .required("paths")
            .required(path)
            .required(method)
            .required("responses")
            .path(String.valueOf(status));
    String pointer =
        status == 200
            ? "/paths/"
                + path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                + "/"
                + method
                + "/responses/200/content/application~1json/schema"
            : "/components/schemas/Problem";
    if (content.isMissingNode()) {
      return List.of("the document does not know status " + status);
    }
    return check(pointer, body);
  }

  /** What is wrong with a value of one of the document's named shapes. */
  List<String> schemaProblems(String name, String body) {
    return check("/components/schemas/" + name, body);
  }

  private List<String> check(String pointer, String body) {
    Schema schema = schemas.getSchema(SchemaLocation.of(HERE + "#" + pointer));
    return schema.validate(JSON.readTree(body)).stream().map(Error::toString).toList();
  }
}
