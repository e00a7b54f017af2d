package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a group's schedule fires next. */
public record UpcomingFireTimes(String group, @Nullable Schedule schedule, List<Instant> times) {}
