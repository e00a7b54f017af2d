package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How far a bulk job is.
 *
 * @param refusals the first runs that were skipped or failed, and why
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record BulkView(
        String bulkId,
        String state,
        String action,
        JsonNode filter,
        String reason,
        String askedBy,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String endedBy,
        Counts counts,
        List<Refusal> refusals) {

    /** @param pending not yet tried; of a job that was cancelled never */
    record Counts(int matched, int pending, int done, int skipped, int failed) {}

    /** @param reason the last part of the problem's type, such as {@code illegal-action} */
    record Refusal(
            String runId,
            String outcome,
            @Nullable String reason,
            @Nullable String detail) {}
}
