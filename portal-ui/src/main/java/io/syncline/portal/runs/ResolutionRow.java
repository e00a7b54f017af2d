package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import org.jspecify.annotations.Nullable;

/** What people made of a failure, as pages show it. */
record ResolutionRow(
        String status,
        @Nullable String by,
        @Nullable Moment at,
        @Nullable Moment until,
        @Nullable String reason) {

    /** Null where nothing failed. */
    static @Nullable ResolutionRow of(RunView run, Moments moments) {
        var resolution = run.resolution();
        if (resolution == null) {
            return "FAILED".equals(run.state()) && !run.isPurged()
                    ? new ResolutionRow("OPEN", null, null, null, null)
                    : null;
        }
        return new ResolutionRow(
                resolution.status(),
                resolution.by(),
                moments.orNull(resolution.at()),
                moments.orNull(resolution.until()),
                resolution.reason());
    }

    public boolean isOpen() {
        return "OPEN".equals(status) || "ACKNOWLEDGED".equals(status);
    }
}
