package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people made of a failure.
 *
 * @param by who said so; {@code syncline} of a failure that a later run made good
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ResolutionView(
        String status, String by, Instant at, @Nullable Instant until, String reason) {}
