package io.syncline.scheduler.catalog;

import java.time.Duration;

/**
 * How failures are repeated.
 *
 * @param maxAttempts attempts in all, the first included; grows only by reports of FAILED
 * @param backoff after the first failed call in a row, doubling with each further one
 * @param maxBackoff the longest wait, which also caps a downstream's Retry-After
 */
public record RetryPolicy(int maxAttempts, Duration backoff, Duration maxBackoff) {}
