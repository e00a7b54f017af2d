package io.syncline.scheduler.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One difference between two documents.
 *
 * @param pointer to the member in the document after the change; of one that is gone, in the document before it
 * @param before null: there was none
 * @param after null: there is none any more
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record FieldChange(
        String pointer, @Nullable JsonNode before, @Nullable JsonNode after) {}
