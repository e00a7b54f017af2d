package io.syncline.scheduler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people made of a failure; the state of the run is another matter.
 *
 * @param until when it lapses and the failure is open again; null: never
 */
public record Resolution(
        ResolutionStatus status,
        String by,
        Instant at,
        @Nullable Instant until,
        String reason) {}
