package io.syncline.scheduler.trigger;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an operator changes in a rejected message; the rest is as it came.
 *
 * @param data null: as it was
 * @param attributes an object whose members replace the attributes of their names; a null removes one
 */
public record Correction(
        String triggerId, @Nullable JsonNode data, @Nullable JsonNode attributes) {}
