package io.syncline.portal.data;

import io.syncline.portal.page.StateMark;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the states of data look. */
final class Marks {

    /** Numbers are given within fractions of a second. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /** As the provider's health sees it: half of the time for which an unread change is kept is over. */
    private static final double NEARLY_LOST = 0.5;

    private Marks() {}

    static StateMark ofSet(ProviderStatus.DataSet set, Instant now) {
        var log = set.log();
        if (log != null && log.readers().stream().anyMatch(reader -> reader.lostAt() > NEARLY_LOST)) {
            return new StateMark("octagon", "READER BEHIND", "failed");
        }
        var waiting = log == null ? null : log.waitingSince();
        if (waiting != null && waiting.plus(SOON).isBefore(now)) {
            return new StateMark("triangle", "CHANGES WAIT", "attention");
        }
        if (set.asOf() == null && (log == null || log.lastSeq() < 1)) {
            return new StateMark("ring", "EMPTY", "neutral");
        }
        return new StateMark("tick", "OK", "success");
    }

    static StateMark ofView(ConsumerStatus.View view) {
        if (view.feeds().stream().anyMatch(ConsumerStatus.Feed::gone)) {
            return new StateMark("octagon", "CHANGES MISSED", "failed");
        }
        if (view.asOf() == null) {
            return new StateMark("ring", "NOT READ YET", "neutral");
        }
        return view.breaches().isEmpty()
                ? new StateMark("tick", "FRESH", "success")
                : new StateMark("triangle", "NOT FRESH", "attention");
    }

    static StateMark ofWork(String state) {
        return switch (state) {
            case "FILLING" -> new StateMark("half-disc", "GOES ON", "active");
            case "LIVE" -> new StateMark("tick", "LIVE", "success");
            case "RETIRED" -> new StateMark("tick", "DONE", "neutral");
            case "FAILED" -> new StateMark("octagon", state, "failed");
            default -> new StateMark("question", state, "neutral");
        };
    }

    /** @param atSource null: not known, or nothing is there */
    static StateMark ofCopy(ConsumerStatus.Copy copy, @Nullable Instant atSource) {
        if (copy.isWritten()) {
            return new StateMark("half-disc", "BEING WRITTEN", "active");
        }
        var asOf = copy.asOf();
        if (asOf == null) {
            return new StateMark("ring", "NONE YET", "neutral");
        }
        if (atSource == null) {
            return new StateMark("question", "NOT COMPARED", "neutral");
        }
        return atSource.isAfter(asOf)
                ? new StateMark("triangle", "BEHIND", "attention")
                : new StateMark("tick", "UP TO DATE", "success");
    }

    static StateMark ofSubscription(ProviderStatus.Subscription one) {
        if (!one.active()) {
            return new StateMark("barred-ring", "DISABLED", "failed");
        }
        if (one.dead() > 0) {
            return new StateMark("octagon", "GIVEN UP", "failed");
        }
        if (one.failingSince() != null) {
            return new StateMark("again", "FAILING", "attention");
        }
        return one.pending() + one.unstored() > 0
                ? new StateMark("half-disc", "SENDING", "active")
                : new StateMark("tick", "UP TO DATE", "success");
    }

    static StateMark ofCapture(ProviderStatus.Capture capture) {
        if (capture.slot().equals("lost") || capture.slot().equals("missing")) {
            return new StateMark("octagon", capture.slot().equals("lost") ? "SLOT LOST" : "NO SLOT", "failed");
        }
        if (capture.isFailing()) {
            return new StateMark("octagon", "CANNOT FOLLOW", "failed");
        }
        if (!capture.isFollowed()) {
            return new StateMark("triangle", "NOT FOLLOWED", "attention");
        }
        return capture.lagBytes() > capture.mostLagBytes()
                ? new StateMark("triangle", "FAR BEHIND", "attention")
                : new StateMark("tick", "FOLLOWED", "success");
    }

    static StateMark ofExtract(String state) {
        return switch (state) {
            case "PREPARING" -> new StateMark("half-disc", state, "active");
            case "READY" -> new StateMark("tick", state, "success");
            case "FAILED" -> new StateMark("octagon", state, "failed");
            default -> new StateMark("question", state, "neutral");
        };
    }
}
