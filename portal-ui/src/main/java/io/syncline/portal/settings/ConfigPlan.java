package io.syncline.portal.settings;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What documents change, or have changed, as the platform answers it. */
@JsonIgnoreProperties(ignoreUnknown = true)
record ConfigPlan(String planHash, Summary summary, List<Item> items) {

    record Summary(long create, long update, long delete, long unchanged) {

        String done() {
            return "Applied: %d created, %d changed, %d deleted, %d as they were."
                    .formatted(create, update, delete, unchanged);
        }

        String consequence() {
            return "%d created, %d changed and %d deleted in one transaction: all of it or nothing.%s"
                    .formatted(
                            create,
                            update,
                            delete,
                            delete > 0 ? " What is deleted comes back by its files alone." : "");
        }
    }

    /** @param document place of its document among those that were sent, from 0; null: it is to be deleted */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Item(
            String kind,
            String key,
            String action,
            @Nullable Integer document,
            @Nullable Integer version,
            List<Change> changes,
            List<String> warnings) {}

    /** One field; a null is "not there". */
    record Change(
            String pointer,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {

        Change {
            before = before == null || before.isNull() ? null : before;
            after = after == null || after.isNull() ? null : after;
        }
    }

    /** Whether an apply would do anything: also to come under the management of files is something. */
    public boolean hasEffect() {
        return items.stream()
                .anyMatch(item ->
                        !item.action().equals("UNCHANGED") || !item.warnings().isEmpty());
    }
}
