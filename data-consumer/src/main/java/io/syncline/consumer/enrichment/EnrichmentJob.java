package io.syncline.consumer.enrichment;

import org.jspecify.annotations.Nullable;

/**
 * The work of one idempotency key.
 *
 * @param lastId the last id that was looked up; null before the first
 * @param askedIds ids that the provider has answered, found or not
 * @param foundIds those of them that it has
 * @param fence rises with each start; a write under an older one is rejected
 */
record EnrichmentJob(
        String jobId,
        String idempotencyKey,
        State state,
        @Nullable String lastId,
        long askedIds,
        long foundIds,
        long fence) {

    /** What is done next. */
    enum State {
        COLLECTING,
        LOOKING_UP,
        WRITING
    }

    EnrichmentJob lookingUp() {
        return new EnrichmentJob(jobId, idempotencyKey, State.LOOKING_UP, null, 0, 0, fence);
    }

    EnrichmentJob lookedUp(String lastId, long asked, long found) {
        return new EnrichmentJob(jobId, idempotencyKey, state, lastId, askedIds + asked, foundIds + found, fence);
    }

    EnrichmentJob writing() {
        return new EnrichmentJob(jobId, idempotencyKey, State.WRITING, lastId, askedIds, foundIds, fence);
    }
}
