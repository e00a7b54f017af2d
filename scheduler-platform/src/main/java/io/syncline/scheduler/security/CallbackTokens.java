package io.syncline.scheduler.security;

import java.time.Instant;

/** Makes the tokens by which a downstream reports on one attempt of one task run. */
public interface CallbackTokens {

    /** The token; opaque to its holder, the same for the same arguments while the key stands. */
    String issue(String taskRunId, int attempt, Instant expiresAt);
}
