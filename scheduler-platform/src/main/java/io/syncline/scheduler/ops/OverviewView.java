package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.alert.IncidentView;
import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who comes to work looks at first, at one moment of database time. Every list is bounded; {@code more…} says
 * that there is more of it elsewhere.
 *
 * @param lastFailure when the newest failed run ended; only told while nothing needs attention
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record OverviewView(
        Instant at,
        Attention attention,
        @Nullable Instant lastFailure,
        List<RunningRun> running,
        boolean moreRunning,
        List<DueStart> due,
        List<GroupStrip> groups,
        boolean moreGroups,
        ClusterLine cluster,
        Counts counts) {

    /** What waits for somebody, each list with the worst first. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Attention(
            List<FailedGroup> failed,
            List<LateRun> late,
            List<RejectedSource> rejected,
            List<IncidentView> alerts,
            boolean more) {

        boolean isEmpty() {
            return failed.isEmpty() && late.isEmpty() && rejected.isEmpty() && alerts.isEmpty();
        }
    }

    /**
     * The failures of one group that nobody has settled.
     *
     * @param acknowledged how many of the counted ones somebody has taken up
     * @param task the first that failed in the newest run, with its cause and message
     * @param alertId the incident that tells of it; null: there is none, or it is not among the newest
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FailedGroup(
            String group,
            BoundedCount count,
            long acknowledged,
            Instant firstSince,
            Instant lastSince,
            String runId,
            @Nullable String businessKey,
            @Nullable ResolutionView resolution,
            @Nullable String task,
            @Nullable String cause,
            @Nullable String message,
            List<String> allowedActions,
            @Nullable String alertId,
            @Nullable String alertState) {

        boolean isAcknowledged() {
            return acknowledged == count.value();
        }
    }

    /**
     * An open run that takes longer than it should, or of which nothing is heard.
     *
     * @param lastSign when its downstream last reported or accepted
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LateRun(
            String runId,
            String group,
            @Nullable String businessKey,
            List<FlagView> flags,
            String task,
            @Nullable Instant lastSign,
            @Nullable Instant deadline,
            List<String> allowedActions,
            @Nullable String alertId,
            @Nullable String alertState) {}

    /** Messages of one source that were rejected in the last 24 h and not sent again corrected. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RejectedSource(
            String source,
            BoundedCount count,
            Instant firstAt,
            Instant lastAt,
            String triggerId,
            @Nullable String title,
            @Nullable String detail) {}

    /**
     * @param percent null: no task of it tells
     * @param expectedEnd by the median of its group's last successes; null: there is none yet
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RunningRun(
            String runId,
            String group,
            @Nullable String businessKey,
            List<FlagView> flags,
            @Nullable Instant startedAt,
            int tasks,
            int tasksDone,
            @Nullable Integer percent,
            @Nullable Instant expectedEnd) {}

    /** @param zone of the schedule */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record DueStart(
            String group,
            Instant at,
            @Nullable String zone,
            @Nullable PauseView paused) {}

    /**
     * @param runs the newest 20, oldest first
     * @param freshness at most so long between successes; null: nobody asks for that
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record GroupStrip(
            String group,
            @Nullable PauseView paused,
            List<RunState> runs,
            @Nullable Instant lastSuccess,
            @Nullable String freshness,
            boolean overTarget) {}

    record RunState(String runId, String state) {}

    record ClusterLine(int nodesLive, int nodesLost, BoundedCount due, BoundedCount queuedRuns, BoundedCount outbox) {}

    /**
     * For badges.
     *
     * @param open rows that need attention and that nobody has taken up
     * @param rejected trigger messages of the last 24 h
     * @param firing incidents that nobody has taken up
     * @param dead messages of alerts that were given up
     * @param schedulesPaused since when no schedule fires; null: they do
     */
    record Counts(
            BoundedCount open,
            BoundedCount rejected,
            BoundedCount firing,
            BoundedCount dead,
            @Nullable PauseView schedulesPaused) {}
}
