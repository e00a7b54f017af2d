package io.syncline.portal.groups;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one document of the editor, which form and YAML both show.
 *
 * @param key of the group; null: it is a new one
 * @param version on which it is built; null: there is none
 * @param yaml as it was typed, with what was changed in the form
 * @param faults of the form itself
 * @param unread what was typed into the form and could not be read, by pointer
 */
record Editing(
        @Nullable String key, @Nullable Integer version, String yaml, Faults faults, Map<String, String> unread) {

    static Editing of(@Nullable String key, @Nullable Integer version, String yaml) {
        return new Editing(key, version, yaml, Faults.NONE, Map.of());
    }

    /** What a person sent: the YAML, and on top of it what differs between the form and what it was made of. */
    static Editing sent(@Nullable String key, MultiValueMap<String, String> sent) {
        var typed = text(sent, "document");
        var version = text(sent, "version");
        var number = version.matches("\\d{1,9}") ? Integer.valueOf(version) : null;
        var document = Documents.ofYaml(typed);
        var shown = Documents.ofYaml(text(sent, "shown"));
        if (document == null) {
            return of(key, number, typed);
        }
        var changes = new FormChanges(document, shown == null ? Documents.object() : shown);
        var result = shown == null ? document : changes.apply(new LinkedHashMap<String, List<String>>(sent));
        var operation = text(sent, "op");
        if (!operation.isEmpty()) {
            FormChanges.rearrange(result, operation);
        }
        var yaml = changes.isChanged() || !operation.isEmpty() ? Documents.yaml(result) : typed;
        return new Editing(key, number, yaml, changes.faults(), changes.unread());
    }

    private static String text(MultiValueMap<String, String> sent, String name) {
        var value = sent.getFirst(name);
        return value == null ? "" : value.replace("\r\n", "\n");
    }

    /** Null when the YAML is no document. */
    @Nullable
    ObjectNode document() {
        return Documents.ofYaml(yaml);
    }

    /** Path of the editor. */
    public String path() {
        return key == null ? "/groups/new" : "/groups/" + key + "/edit";
    }

    public String title() {
        return key == null ? "New group" : "Edit " + key;
    }
}
