package io.syncline.outbox;

import java.time.Duration;

/**
 * What waits for delivery.
 *
 * @param pending messages not yet delivered
 * @param oldestAge age of the oldest of them; zero when there is none
 * @param dead dead letters
 */
public record Backlog(long pending, Duration oldestAge, long dead) {}
