package io.syncline.portal.settings;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A change that waits for a second person, or did.
 *
 * @param before the object as it was; null in lists, and when there was none
 * @param after as it is to be
 */
record ChangeView(
        String changeId,
        String state,
        String kind,
        String key,
        String method,
        String path,
        String proposedBy,
        Instant proposedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String reason,
        @Nullable Integer answerStatus,
        List<String> allowedActions,
        @Nullable JsonNode before,
        @Nullable JsonNode after) {

    /** A page of them. */
    record Part(List<ChangeView> items, @Nullable String nextCursor) {}

    /** As the pages show it. */
    record Row(
            String changeId,
            StateMark mark,
            String what,
            String proposedBy,
            Moment proposed,
            Moment expires,
            @Nullable String decidedBy,
            @Nullable Moment decided,
            @Nullable String reason,
            boolean canDecide,
            boolean isPending) {}

    Row row(Moments moments) {
        return new Row(
                changeId,
                mark(),
                "%s %s %s".formatted(verb(), kind, key),
                proposedBy,
                moments.of(proposedAt),
                moments.of(expiresAt),
                decidedBy,
                moments.orNull(decidedAt),
                reason,
                allowedActions.contains("approve"),
                state.equals("PENDING"));
    }

    private String verb() {
        return switch (method) {
            case "DELETE" -> "delete";
            case "PUT" -> "put";
            default -> path.substring(path.lastIndexOf('/') + 1);
        };
    }

    private StateMark mark() {
        return switch (state) {
            case "PENDING" -> new StateMark("ring", state, "attention");
            case "APPLIED" -> new StateMark("tick", state, "success");
            case "REJECTED" -> new StateMark("barred-ring", state, "neutral");
            case "STALE" -> new StateMark("triangle", "STALE: changed meanwhile", "attention");
            case "FAILED" -> new StateMark("octagon", state, "failed");
            case "EXPIRED" -> new StateMark("chevrons", state, "neutral");
            default -> new StateMark("question", state, "neutral");
        };
    }
}
