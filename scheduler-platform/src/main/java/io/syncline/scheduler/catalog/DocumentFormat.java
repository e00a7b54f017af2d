package io.syncline.scheduler.catalog;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The languages in which a document may be sent. */
public enum DocumentFormat {
    JSON {
        @Override
        ObjectNode read(byte[] body) {
            return Documents.json(body);
        }

        @Override
        List<JsonNode> readMany(byte[] body) {
            return Documents.jsonList(body);
        }
    },
    YAML {
        @Override
        ObjectNode read(byte[] body) {
            return Documents.yaml(body);
        }

        @Override
        List<JsonNode> readMany(byte[] body) {
            return Documents.yamlStream(body);
        }
    };

    abstract ObjectNode read(byte[] body);

    /** A YAML stream, or a JSON array. */
    abstract List<JsonNode> readMany(byte[] body);
}
