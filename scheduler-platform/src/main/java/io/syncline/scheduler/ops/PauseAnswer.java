package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a pause or resume has done, or would do.
 *
 * @param paused the pause that stands now, or would
 * @param ended the pause that has ended, or would
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record PauseAnswer(
        String group,
        boolean dryRun,
        @Nullable PauseView paused,
        @Nullable PauseView ended) {}
