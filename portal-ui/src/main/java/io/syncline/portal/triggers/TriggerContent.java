package io.syncline.portal.triggers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event of a message, as its page shows it.
 *
 * @param attributes all but the data, as text
 * @param data pretty printed; null: there is none, or it is not JSON
 * @param base64 data that is not JSON
 * @param json the whole event, to be copied; null when it is too long for that
 * @param curl a call that sends it once more; null likewise
 */
record TriggerContent(
        Map<String, String> attributes,
        @Nullable String data,
        @Nullable String base64,
        @Nullable String json,
        @Nullable String curl) {

    private static final String DATA = "data";
    private static final String BASE64 = "data_base64";
    /** A page holds a copied text twice; a longer one is taken from the API. */
    private static final int LONGEST_COPY = 65_536;

    static TriggerContent of(JsonNode message, @Nullable String address, JsonMapper json) {
        var pretty = json.writerWithDefaultPrettyPrinter();
        var attributes = new LinkedHashMap<String, String>();
        message.properties().forEach(member -> {
            if (!member.getKey().equals(DATA) && !member.getKey().equals(BASE64)) {
                var value = member.getValue();
                attributes.put(member.getKey(), value.isValueNode() ? value.asString("") : value.toString());
            }
        });
        var data = message.get(DATA);
        var base64 = message.get(BASE64);
        var whole = pretty.writeValueAsString(message);
        var fits = whole.length() <= LONGEST_COPY;
        var isEvent = message instanceof ObjectNode && message.has("specversion");
        return new TriggerContent(
                attributes,
                data == null ? null : pretty.writeValueAsString(data),
                base64 == null ? null : base64.asString(""),
                fits ? whole : null,
                fits && isEvent && address != null ? SampleCall.of(address, whole) : null);
    }
}
