package io.syncline.client.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.contracts.StatusReport;
import io.syncline.contracts.SyncRequest;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The wire records as JSON: unknown members are ignored, absent ones are left out. */
final class WireJson {

    private final JsonMapper json = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    /** What came from outside: a member given twice is no JSON to us, as two readers may not agree on which one counts. */
    JsonNode tree(byte[] body) {
        return json.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION).readTree(body);
    }

    SyncRequest request(JsonNode tree) {
        return json.treeToValue(tree, SyncRequest.class);
    }

    SyncRequest request(String text) {
        return json.readValue(text, SyncRequest.class);
    }

    StatusReport report(String text) {
        return json.readValue(text, StatusReport.class);
    }

    String write(Object record) {
        return json.writeValueAsString(record);
    }
}
