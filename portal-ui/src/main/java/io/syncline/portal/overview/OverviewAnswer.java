package io.syncline.portal.overview;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.syncline.portal.page.Lately;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/overview} as the platform answers it. */
@JsonIgnoreProperties(ignoreUnknown = true)
record OverviewAnswer(
        Attention attention,
        @Nullable Instant lastFailure,
        List<Running> running,
        boolean moreRunning,
        List<Due> due,
        List<Group> groups,
        boolean moreGroups,
        Cluster cluster) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Attention(
            List<Failed> failed, List<Late> late, List<Rejected> rejected, List<Incident> alerts, boolean more) {}

    /** @param relation {@code gte}: there are more */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Count(long value, @Nullable String relation) {

        /** Public because the page asks for it. */
        public String text() {
            return value + ("gte".equals(relation) ? "+" : "");
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Failed(
            String group,
            Count count,
            long acknowledged,
            Instant firstSince,
            String runId,
            @Nullable String businessKey,
            @Nullable Resolution resolution,
            @Nullable String task,
            @Nullable String cause,
            @Nullable String message,
            List<String> allowedActions,
            @Nullable String alertId,
            @Nullable String alertState) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Resolution(String by, @Nullable Instant until) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Flag(String flag, @Nullable Instant since) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Late(
            String runId,
            String group,
            @Nullable String businessKey,
            List<Flag> flags,
            String task,
            @Nullable Instant lastSign,
            @Nullable Instant deadline,
            @Nullable String alertId,
            @Nullable String alertState) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Rejected(
            String source,
            Count count,
            Instant firstAt,
            String triggerId,
            @Nullable String title,
            @Nullable String detail) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Incident(
            String alertId,
            String state,
            String condition,
            String title,
            @Nullable String system,
            String cause,
            int standing,
            Instant openedAt,
            @Nullable Taken acknowledged,
            @Nullable Instant silencedUntil,
            @Nullable List<String> allowedActions) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Taken(String by) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Running(
            String runId,
            String group,
            @Nullable String businessKey,
            List<Flag> flags,
            @Nullable Instant startedAt,
            int tasks,
            int tasksDone,
            @Nullable Integer percent,
            @Nullable Instant expectedEnd) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Pause(Instant since, String by, @Nullable String reason) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Due(
            String group,
            Instant at,
            @Nullable String zone,
            @Nullable Pause paused) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Group(
            String group,
            @Nullable Pause paused,
            List<Lately.Run> runs,
            @Nullable Instant lastSuccess,
            @Nullable String freshness,
            boolean overTarget) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Cluster(int nodesLive, int nodesLost, Count due, Count queuedRuns, Count outbox) {}
}
