package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for somebody else's approval, or did.
 *
 * @param target path and query
 * @param sealedBody while it waits; null for a call without a body
 * @param before the object as the proposer read it, JSON without secrets; null when there was none
 * @param after what was asked for, JSON without secrets; null when the object is to be deleted
 * @param labels JSON with the labels before and after; null where labels do not count
 * @param scopes what the proposer's token was good for
 * @param sealedAnswer what the route answered, until the proposer has read it
 */
record PendingChange(
        String changeId,
        State state,
        SecondApprover.Kind kind,
        String key,
        String method,
        String target,
        @Nullable String contentType,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String sealedBody,
        @Nullable String before,
        @Nullable String after,
        @Nullable String labels,
        String proposedBy,
        boolean proposerIsPerson,
        Set<Scope> scopes,
        Instant proposedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String reason,
        @Nullable Integer answerCode,
        @Nullable String sealedAnswer) {

    enum State {
        PENDING,
        APPLIED,
        REJECTED,
        /** The object was changed meanwhile, so that what was approved is not what would happen. */
        STALE,
        /** The route refused it when it was carried out. */
        FAILED,
        EXPIRED
    }

    State stateAt(Instant now) {
        return state == State.PENDING && !now.isBefore(expiresAt) ? State.EXPIRED : state;
    }
}
