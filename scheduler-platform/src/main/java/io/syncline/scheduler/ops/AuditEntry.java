package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did.
 *
 * @param details what changed, as JSON or as a sentence
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AuditEntry(
        String auditId,
        Instant at,
        String actor,
        String action,
        String objectKind,
        String objectKey,
        @Nullable String reason,
        @Nullable String details,
        @Nullable String traceId) {}
