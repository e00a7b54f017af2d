package io.syncline.portal.runs;

import io.syncline.portal.platform.RunView;
import io.syncline.portal.platform.RunView.Flag;
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
        String duration) {

    static RunRow of(RunView run, Instant now) {
        var end = run.endedAt() == null ? now : run.endedAt();
        return new RunRow(
                run.runId(),
                shortened(run.runId()),
                StateMark.ofRun(run.state()),
                flags(run.flagsOrNone(), end),
                run.group(),
                run.groupVersion(),
                run.businessKey(),
                Moment.orNull(run.createdAt(), now),
                Moment.orNull(run.startedAt(), now),
                Moment.orNull(run.endedAt(), now),
                Moment.span(run.startedAt(), end));
    }

    /** OVERDUE says by how much; the others are facts without a measure. */
    static List<String> flags(List<Flag> flags, Instant end) {
        return flags.stream()
                .map(flag -> "OVERDUE".equals(flag.flag()) && flag.since() != null
                        ? "OVERDUE " + Moment.span(flag.since(), end)
                        : flag.flag())
                .toList();
    }

    private static String shortened(String id) {
        return id.length() <= 12 ? id : id.substring(0, 8) + "…" + id.substring(id.length() - 4);
    }
}
