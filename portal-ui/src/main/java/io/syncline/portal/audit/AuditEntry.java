package io.syncline.portal.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody did, as the platform answers it. */
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
        @Nullable String traceId) {

    /** A page of them. */
    record Part(List<AuditEntry> items, @Nullable String nextCursor) {}
}
