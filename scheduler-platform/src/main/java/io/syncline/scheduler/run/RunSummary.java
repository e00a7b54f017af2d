package io.syncline.scheduler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a run whose time is over.
 *
 * @param tasks how many task runs it had
 * @param completed of these, how many were COMPLETED
 * @param failed of these, how many were FAILED
 * @param cause of the first task run, in the group's order, that FAILED
 */
public record RunSummary(
        String runId,
        String group,
        int groupVersion,
        @Nullable String businessKey,
        String orderingKey,
        String triggerId,
        RunState state,
        @Nullable String mergedInto,
        @Nullable String rerunOf,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        int tasks,
        int completed,
        int failed,
        @Nullable String cause,
        Instant purgedAt) {}
