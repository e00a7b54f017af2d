package io.syncline.portal.schedule;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A node as a row. */
record NodeRow(
        StateMark mark,
        String nodeId,
        boolean isSelf,
        String version,
        Moment started,
        Moment checkedIn,
        String skew,
        boolean isSkewed) {

    private static final long IN_STEP_MS = 100;
    private static final long SKEWED_MS = 1_000;

    static NodeRow of(ClusterView.Node node, String self, Moments moments) {
        var skew = node.clockSkewMs();
        return new NodeRow(
                mark(node),
                node.nodeId(),
                node.nodeId().equals(self),
                node.version() == null ? "unknown" : node.version(),
                moments.of(node.startedAt()),
                moments.of(node.checkedInAt()),
                skew(skew),
                skew != null && Math.abs(skew) >= SKEWED_MS);
    }

    private static StateMark mark(ClusterView.Node node) {
        if (!node.live()) {
            return node.stoppedAt() == null
                    ? new StateMark("octagon", "LOST", "failed")
                    : new StateMark("barred-ring", "SIGNED OFF", "neutral");
        }
        return node.appliedCount() == 0
                ? new StateMark("half-disc", "JOINING", "active")
                : new StateMark("tick", "LIVE", "success");
    }

    /** Against the database, whose clock is the one that counts. */
    static String skew(@Nullable Long millis) {
        if (millis == null) {
            return "not measured";
        }
        if (Math.abs(millis) < IN_STEP_MS) {
            return "in step";
        }
        return String.format(Locale.ROOT, "%.1f s %s", Math.abs(millis) / 1000.0, millis > 0 ? "ahead" : "behind");
    }
}
