package io.syncline.scheduler.run;

import io.syncline.contracts.CallbackAnswer.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a report.
 *
 * @param reason why it changed nothing; null when it was applied
 * @param state of the task run now
 * @param firstApplied of a duplicate: whether the first copy was applied
 */
public record Verdict(
        boolean applied,
        @Nullable Reason reason,
        TaskRunState state,
        @Nullable Boolean firstApplied) {

    static Verdict applied(TaskRunState state) {
        return new Verdict(true, null, state, null);
    }

    static Verdict notApplied(Reason reason, TaskRunState state) {
        return new Verdict(false, reason, state, null);
    }

    static Verdict duplicate(TaskRunState state, boolean firstApplied) {
        return new Verdict(false, Reason.DUPLICATE, state, firstApplied);
    }
}
