package io.syncline.scheduler.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a cancel call.
 *
 * @param state CONFIRMED or REFUSED; PENDING when there was no clear answer
 * @param retryAfter as the downstream asked; null when it did not
 */
public record CancelOutcome(
        CancelCall call, CancelState state, @Nullable Duration retryAfter) {}
