package io.syncline.scheduler.catalog;

import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * The member {@code status} that a GET adds to a document: what the platform knows of it. A document may be sent back with
 * it; it is not looked at and not stored.
 */
public final class StatusMember {

    static final String NAME = "status";

    private StatusMember() {}

    /** The document with what the platform knows of it, instants as RFC 3339 text. */
    public static ObjectNode with(StoredVersion version, Map<String, Object> more) {
        ObjectNode document = Documents.json(version.document());
        ObjectNode status = document.putObject(NAME);
        status.put("version", version.version());
        status.put("createdAt", version.createdAt().toString());
        status.put("createdBy", version.createdBy());
        more.forEach(status::putPOJO);
        return document;
    }
}
