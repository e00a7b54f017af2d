package io.syncline.scheduler.ops;

/** Published in the transaction that ends the pause of all schedules. */
public record SchedulingResumed(String by) {}
