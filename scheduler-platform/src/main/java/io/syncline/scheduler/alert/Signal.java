package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was raised or cured, as it waits to become part of an incident. */
record Signal(
        String id,
        Kind kind,
        AlertCondition condition,
        String subject,
        @Nullable String group,
        @Nullable String system,
        @Nullable String runId,
        @Nullable String taskRunId,
        @Nullable String cause,
        @Nullable String detail,
        @Nullable Instant since) {

    enum Kind {
        RAISE,
        CURE
    }

    /** A condition of a subject, which stands at most once. */
    record About(AlertCondition condition, String subject) {}

    About about() {
        return new About(condition, subject);
    }
}
