package io.syncline.portal.runs;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person can do to a run, as the pages offer it. */
enum RunDeed {
    RERUN_FAILED(
            "rerun-failed",
            "rerun-failed",
            "Retry failed",
            "Retry what failed in",
            "Failed tasks, and those that were not started because of them, are called again. What completed stays.",
            "What failed is retried.",
            Map.of(),
            false,
            "while the run is FAILED or CANCELLED, or has a failed task"),
    RERUN(
            "rerun",
            "rerun",
            "Re-run as new",
            "Re-run",
            "A new run of the same trigger message begins, with the group version of this run. This run stays as it is.",
            "A new run was made.",
            Map.of("version", "PINNED"),
            false,
            "after the run has ended, as long as its group exists"),
    RERUN_CURRENT(
            "rerun-current",
            "rerun",
            "Re-run with the newest version",
            "Re-run with the newest version",
            "A new run of the same trigger message begins, with the newest version of the group. This run stays as it is.",
            "A new run was made.",
            Map.of("version", "CURRENT"),
            false,
            "after the run has ended, as long as its group exists"),
    CANCEL(
            "cancel",
            "cancel",
            "Cancel run",
            "Cancel run",
            "All open tasks end at once, and downstreams that are at work are asked to stop. Work already done is not undone.",
            "The run is cancelled; downstreams at work are asked to stop.",
            Map.of(),
            true,
            "while the run is QUEUED or RUNNING"),
    ACKNOWLEDGE(
            "acknowledge",
            "resolution",
            "Acknowledge",
            "Acknowledge the failure of",
            "The failure stays on the list, with your name and note; nothing else changes.",
            "The failure is acknowledged.",
            Map.of("status", "ACKNOWLEDGED"),
            false,
            "while the run is FAILED"),
    RESOLVE(
            "resolve",
            "resolution",
            "Mark resolved",
            "Mark resolved the failure of",
            "The failure leaves the list of what needs attention, and its incident is closed. The state of the run stays.",
            "The failure is marked resolved.",
            Map.of("status", "RESOLVED"),
            false,
            "while the run is FAILED"),
    IGNORE(
            "ignore",
            "resolution",
            "Ignore",
            "Ignore the failure of",
            "The failure leaves the list of what needs attention, and its incident is closed. The state of the run stays.",
            "The failure is ignored.",
            Map.of("status", "IGNORED"),
            false,
            "while the run is FAILED");

    private static final List<RunDeed> FOR_MANY = List.of(RERUN_FAILED, RERUN, CANCEL, ACKNOWLEDGE, RESOLVE, IGNORE);

    private final String path;
    private final String wire;
    private final String label;
    private final String verb;
    private final String consequence;
    private final String done;
    private final Map<String, String> arguments;
    private final boolean isHard;
    private final String when;

    RunDeed(
            String path,
            String wire,
            String label,
            String verb,
            String consequence,
            String done,
            Map<String, String> arguments,
            boolean isHard,
            String when) {
        this.path = path;
        this.wire = wire;
        this.label = label;
        this.verb = verb;
        this.consequence = consequence;
        this.done = done;
        this.arguments = arguments;
        this.isHard = isHard;
        this.when = when;
    }

    static Optional<RunDeed> of(@Nullable String path) {
        return Arrays.stream(values()).filter(deed -> deed.path.equals(path)).findFirst();
    }

    /** Those that make sense for many runs at once. */
    static List<RunDeed> forMany() {
        return FOR_MANY;
    }

    /** As it stands in addresses of the portal. */
    public String path() {
        return path;
    }

    /** As the platform names it in {@code allowedActions}. */
    String wire() {
        return wire;
    }

    String apiPath() {
        return wire.equals("resolution") ? "/api/v1/runs/{runId}/resolution" : "/api/v1/runs/{runId}/actions/" + wire;
    }

    public String label() {
        return label;
    }

    String verb() {
        return verb;
    }

    String consequence() {
        return consequence;
    }

    String done() {
        return done;
    }

    Map<String, String> arguments() {
        return arguments;
    }

    boolean isHard() {
        return isHard;
    }

    /** "only …" */
    String when() {
        return when;
    }
}
