package io.syncline.portal.page;

import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration document while it is edited.
 *
 * @param text YAML
 * @param entityTag of the version that it began with; blank: it is new
 */
public record EditedDocument(
        @Nullable String text, @Nullable String entityTag) {

    private static final String YAML = "application/yaml";
    private static final Pattern KEY = Pattern.compile("(?m)^key:\\s*[\"']?([^\\s\"'#]+)");
    /** What the platform says of a document, at its end; it is not part of it. */
    private static final Pattern STATUS = Pattern.compile("(?m)^\"?status\"?:.*(\\R|\\z)([ \\t].*(\\R|\\z)|\\R)*");

    /** As the platform gives it. */
    public static ApiCall reading(String path, String key) {
        return ApiCall.get(path, key).header("Accept", YAML);
    }

    public static EditedDocument of(ApiAnswer answer) {
        return new EditedDocument(STATUS.matcher(answer.text()).replaceAll(""), answer.entityTag());
    }

    public static EditedDocument fresh(String text) {
        return new EditedDocument(text, null);
    }

    /** The key that the document itself says. */
    public Optional<String> key() {
        var found = KEY.matcher(text == null ? "" : text);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Stores it, if nobody else has stored another version since it was read. */
    public ApiCall storing(String path, String key) {
        var call = ApiCall.put(path, key).body(text == null ? "" : text, YAML);
        return entityTag == null || entityTag.isBlank() ? call.header("If-None-Match", "*") : call.ifMatch(entityTag);
    }
}
