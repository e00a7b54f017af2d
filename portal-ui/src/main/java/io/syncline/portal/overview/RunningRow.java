package io.syncline.portal.overview;

import io.syncline.portal.overview.OverviewAnswer.Running;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that is under way.
 *
 * @param late whether it should have ended by now, as runs of its group go
 */
record RunningRow(
        String runId,
        String group,
        @Nullable String businessKey,
        List<String> flags,
        @Nullable Moment started,
        @Nullable Integer percent,
        String tasks,
        @Nullable Moment expectedEnd,
        boolean late) {

    static RunningRow of(Running run, Moments moments) {
        var end = run.expectedEnd();
        return new RunningRow(
                run.runId(),
                run.group(),
                run.businessKey(),
                run.flags().stream()
                        .map(flag -> flag.flag().equals("OVERDUE") && flag.since() != null
                                ? "OVERDUE " + Moments.span(flag.since(), moments.now())
                                : flag.flag())
                        .toList(),
                moments.orNull(run.startedAt()),
                run.percent(),
                run.tasksDone() + " of " + Numbers.counted(run.tasks(), "task", "tasks"),
                moments.orNull(end),
                end != null && end.isBefore(moments.now()));
    }
}
