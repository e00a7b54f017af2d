package io.syncline.scheduler.catalog;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One downstream sync of a group, with the group's defaults and the platform's defaults merged in.
 *
 * @param path of the sync call at the system, starts with a slash
 * @param cancelPath of the cancel call; null: the downstream is not told of a cancel
 * @param interval from the end of one call to the next while the work goes on; at least 100 ms
 * @param callTimeout from the first byte sent to the end of the answer; at least 100 ms
 * @param answerWithin from DUE to the first 202 or report of an attempt, before an alert
 * @param silentAfter without a report before the SILENT flag; zero is off
 * @param overdueAfter from DUE to the OVERDUE flag, over all attempts; shorter than {@code timeout}
 * @param timeout from DUE to FAILED, over all attempts
 * @param request makes further parameters of the trigger for each sync call; null: none
 * @param reply makes a status report of what the downstream answers; null: it answers with one
 */
public record TaskDefinition(
        String key,
        Mode mode,
        String system,
        String path,
        @Nullable String cancelPath,
        Map<String, Object> parameters,
        Auth auth,
        Duration interval,
        Duration callTimeout,
        Duration answerWithin,
        Duration silentAfter,
        Duration overdueAfter,
        Duration timeout,
        RetryPolicy retry,
        ReconciliationRule reconciliation,
        @Nullable Mapping request,
        @Nullable Mapping reply) {

    /** One without mappings. */
    public TaskDefinition(
            String key,
            Mode mode,
            String system,
            String path,
            @Nullable String cancelPath,
            Map<String, Object> parameters,
            Auth auth,
            Duration interval,
            Duration callTimeout,
            Duration answerWithin,
            Duration silentAfter,
            Duration overdueAfter,
            Duration timeout,
            RetryPolicy retry,
            ReconciliationRule reconciliation) {
        this(
                key,
                mode,
                system,
                path,
                cancelPath,
                parameters,
                auth,
                interval,
                callTimeout,
                answerWithin,
                silentAfter,
                overdueAfter,
                timeout,
                retry,
                reconciliation,
                null,
                null);
    }
}
