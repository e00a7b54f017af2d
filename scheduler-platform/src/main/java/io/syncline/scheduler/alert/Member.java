package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One signal as part of an incident. */
record Member(
        String id,
        String incidentId,
        AlertCondition condition,
        String subject,
        @Nullable String group,
        @Nullable String system,
        @Nullable String runId,
        @Nullable String taskRunId,
        String detail,
        Instant since,
        Instant joinedAt,
        @Nullable Instant curedAt) {

    Signal.About about() {
        return new Signal.About(condition, subject);
    }

    Member cured(Instant now) {
        return new Member(
                id, incidentId, condition, subject, group, system, runId, taskRunId, detail, since, joinedAt, now);
    }
}
