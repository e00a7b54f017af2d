package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires next.
 *
 * @param group null: it is that of none yet
 */
public record UpcomingFireTimes(
        @Nullable String group, @Nullable Schedule schedule, List<Instant> times) {}
