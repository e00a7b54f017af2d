package io.syncline.scheduler.ops;

import java.time.Instant;

/**
 * @param kind {@code ticks} or {@code schedules}
 * @param name the tick's name, or the task group's key
 * @param state of the trigger, as the clock names it
 */
public record NextFireTime(String kind, String name, Instant at, String state) {}
