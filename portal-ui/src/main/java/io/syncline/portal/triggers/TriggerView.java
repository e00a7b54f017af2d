package io.syncline.portal.triggers;

import io.syncline.portal.platform.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A trigger message as the platform answers it.
 *
 * @param message the event with its data; null for readers without {@code payload:read}
 * @param place in the topic that it was read from
 * @param copies how many more times the same message came
 */
record TriggerView(
        String triggerId,
        String status,
        @Nullable String source,
        @Nullable String id,
        @Nullable String type,
        @Nullable String subject,
        @Nullable String time,
        @Nullable String transport,
        @Nullable Instant receivedAt,
        @Nullable String client,
        @Nullable String system,
        @Nullable String place,
        @Nullable String traceId,
        @Nullable Integer copies,
        @Nullable Instant lastCopyAt,
        @Nullable JsonNode message,
        @Nullable String resubmitOf,
        @Nullable List<Copy> resubmittedAs,
        @Nullable Problem problem,
        @Nullable VerificationView verification,
        @Nullable List<StartedRun> runs) {

    List<Copy> copiesSent() {
        return resubmittedAs == null ? List.of() : resubmittedAs;
    }

    List<StartedRun> runsOrNone() {
        return runs == null ? List.of() : runs;
    }

    public boolean isRejected() {
        return "REJECTED".equals(status);
    }

    /** Whether a corrected copy of it was taken already. */
    boolean isCorrected() {
        return copiesSent().stream()
                .anyMatch(copy -> "ACCEPTED".equals(copy.status()) || "VERIFYING".equals(copy.status()));
    }

    /** A corrected copy. */
    record Copy(String triggerId, @Nullable String status) {}

    record StartedRun(
            String runId,
            @Nullable String group,
            String state,
            @Nullable String mergedInto,
            @Nullable String error) {}

    record VerificationView(
            @Nullable Instant nextLookAt,
            @Nullable Integer failures,
            @Nullable String lastOutcome,
            @Nullable List<Look> looks) {

        List<Look> looksOrNone() {
            return looks == null ? List.of() : looks;
        }
    }

    record Look(
            @Nullable String system,
            @Nullable String path,
            @Nullable Instant giveUpAt,
            @Nullable Boolean found) {}
}
