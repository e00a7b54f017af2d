package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One order for many runs, as the platform answers it. */
record BulkJob(
        String bulkId,
        String state,
        @Nullable String action,
        @Nullable String reason,
        @Nullable String askedBy,
        @Nullable Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String endedBy,
        Counts counts,
        @Nullable List<Refusal> refusals) {

    /** @param pending not yet tried; of a job that was stopped never */
    record Counts(int matched, int pending, int done, int skipped, int failed) {}

    record Refusal(
            String runId,
            @Nullable String outcome,
            @Nullable String reason,
            @Nullable String detail) {}

    /** What an order would do. */
    record Foreseen(int matched, @Nullable List<Sample> sample) {}

    record Sample(
            String runId,
            @Nullable String outcome,
            @Nullable String detail) {}

    public boolean isRunning() {
        return "RUNNING".equals(state);
    }

    public int tried() {
        return counts.matched() - counts.pending();
    }

    public StateMark mark() {
        return "CANCELLED".equals(state) ? new StateMark("barred-ring", "STOPPED", "neutral") : StateMark.ofRun(state);
    }

    public List<Refusal> refusalsOrNone() {
        return refusals == null ? List.of() : refusals;
    }

    @Nullable
    Moment created(Moments moments) {
        return moments.orNull(createdAt);
    }

    @Nullable
    Moment ended(Moments moments) {
        return moments.orNull(endedAt);
    }
}
