package io.syncline.scheduler.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run that a trigger message caused.
 *
 * @param results each completed task's result, by task key
 * @param error the first failed task and why, in one line; null while nothing failed
 */
public record TriggeredRun(
        String runId,
        String group,
        RunState state,
        @Nullable String mergedInto,
        Map<String, Map<String, @Nullable Object>> results,
        @Nullable String error) {}
