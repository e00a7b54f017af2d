package io.syncline.client.sync;

import io.syncline.contracts.StatusReport;
import io.syncline.contracts.SyncRequest;
import org.jspecify.annotations.Nullable;

/**
 * The work of one key, as stored.
 *
 * @param trace that its call came with, as {@code TraceContext} keeps one
 * @param fence rises with each take-over; refuses what a former owner says
 * @param starts how often its handler was begun
 */
record StoredWork(
        String key,
        String fingerprint,
        String path,
        SyncRequest request,
        @Nullable String trace,
        State state,
        StatusReport report,
        long lastSequence,
        String callbackUrl,
        String callbackToken,
        long fence,
        int starts) {

    /** OPEN is done by a handler under a lease, ELSEWHERE is reported by other code, ENDED has its last report. */
    enum State {
        OPEN,
        ELSEWHERE,
        ENDED
    }
}
