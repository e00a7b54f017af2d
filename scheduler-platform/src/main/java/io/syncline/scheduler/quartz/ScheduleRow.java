package io.syncline.scheduler.quartz;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The clock's stored alarm of one schedule.
 *
 * @param nextAt null: it is just going off, or has gone
 * @param isAlarm false: a trigger of an earlier release, which counted the fire times itself
 */
record ScheduleRow(@Nullable Instant nextAt, boolean isAlarm) {}
