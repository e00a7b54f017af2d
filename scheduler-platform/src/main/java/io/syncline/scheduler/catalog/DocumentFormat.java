package io.syncline.scheduler.catalog;

import tools.jackson.databind.node.ObjectNode;

/** The languages in which a document may be sent. */
public enum DocumentFormat {
    JSON {
        @Override
        ObjectNode read(byte[] body) {
            return Documents.json(body);
        }
    },
    YAML {
        @Override
        ObjectNode read(byte[] body) {
            return Documents.yaml(body);
        }
    };

    abstract ObjectNode read(byte[] body);
}
