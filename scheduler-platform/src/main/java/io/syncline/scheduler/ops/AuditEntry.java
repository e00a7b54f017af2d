package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did.
 *
 * @param how the name of a {@link How}; null: it was done before this was kept
 * @param details what changed, as JSON or as a sentence
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AuditEntry(
        String auditId,
        Instant at,
        String actor,
        @Nullable String how,
        String action,
        String objectKind,
        String objectKey,
        @Nullable String reason,
        @Nullable String details,
        @Nullable String traceId) {}
