package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.runs.RunView.Flag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as a row of the list, and as the head of its own page. */
record RunRow(
        String runId,
        String shortId,
        StateMark mark,
        List<String> flags,
        String group,
        @Nullable Integer groupVersion,
        @Nullable String businessKey,
        @Nullable Moment created,
        @Nullable Moment started,
        @Nullable Moment ended,
        String duration,
        boolean isOpen,
        @Nullable String tasks,
        @Nullable String resolution) {

    static RunRow of(RunView run, Moments moments) {
        var end = run.endedAt() == null ? moments.now() : run.endedAt();
        return new RunRow(
                run.runId(),
                shortened(run.runId()),
                StateMark.ofRun(run.state()),
                flags(run.flagsOrNone(), end),
                run.group(),
                run.groupVersion(),
                run.businessKey(),
                moments.orNull(run.createdAt()),
                moments.orNull(run.startedAt()),
                moments.orNull(run.endedAt()),
                Moments.span(run.startedAt(), end),
                run.isOpen(),
                run.tasks() == null
                        ? null
                        : run.tasks().done() + " of " + run.tasks().total(),
                run.resolution() != null ? run.resolution().status() : "FAILED".equals(run.state()) ? "OPEN" : null);
    }

    /** OVERDUE says by how much; the others are facts without a measure. */
    static List<String> flags(List<Flag> flags, Instant end) {
        return flags.stream()
                .map(flag -> "OVERDUE".equals(flag.flag()) && flag.since() != null
                        ? "OVERDUE " + Moments.span(flag.since(), end)
                        : flag.flag())
                .toList();
    }

    static String shortened(String id) {
        return id.length() <= 12 ? id : id.substring(0, 8) + "…" + id.substring(id.length() - 4);
    }
}
