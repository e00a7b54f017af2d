package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.Pause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A group starts nothing since then. */
record PauseView(Instant since, String by, String reason) {

    static @Nullable PauseView of(@Nullable Pause pause) {
        return pause == null ? null : new PauseView(pause.since(), pause.by(), pause.reason());
    }
}
