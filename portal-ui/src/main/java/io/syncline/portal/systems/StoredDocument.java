package io.syncline.portal.systems;

import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A system's document as the platform holds it.
 *
 * @param json without what the platform adds when it shows one
 * @param shown with it
 */
record StoredDocument(ObjectNode json, ObjectNode shown, String entityTag) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String YAML = "application/yaml";
    /** To be sent: of a type that it does not know, a client takes the characters for Latin ones. */
    static final String YAML_IN_UTF_8 = "application/yaml;charset=UTF-8";

    static final String READ = "config:read";
    private static final String STATUS = "status";

    static StoredDocument read(Platform platform, String key) {
        var answer = platform.answer(ApiCall.get("/api/v1/systems/{key}", key).needs(READ));
        var shown = (ObjectNode) JSON.readTree(answer.body());
        var json = shown.deepCopy();
        json.remove(STATUS);
        return new StoredDocument(json, shown, tag(answer));
    }

    /** As YAML to be edited: what the platform adds stands in no line of it. */
    static Text readYaml(Platform platform, String key) {
        var answer = platform.answer(ApiCall.get("/api/v1/systems/{key}", key)
                .header(HttpHeaders.ACCEPT, YAML)
                .needs(READ));
        return new Text(DocumentText.withoutShown(answer.text()), tag(answer));
    }

    private static String tag(ApiAnswer answer) {
        return answer.entityTag() == null ? "\"0\"" : answer.entityTag();
    }

    record Text(String text, String entityTag) {}
}
