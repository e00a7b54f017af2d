package io.syncline.scheduler.catalog;

import java.time.Instant;

/** A group starts nothing since then. */
public record Pause(Instant since, String by, String reason) {}
