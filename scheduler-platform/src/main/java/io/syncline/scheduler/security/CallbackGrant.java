package io.syncline.scheduler.security;

import java.time.Instant;

/** What a callback token is good for: this attempt of this task run, many times, until it expires. */
public record CallbackGrant(String taskRunId, int attempt, Instant expiresAt) {}
