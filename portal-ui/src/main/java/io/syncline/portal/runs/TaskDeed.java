package io.syncline.portal.runs;

import java.util.Arrays;
import java.util.Optional;

/** What a person can do to one task run, as the pages offer it; the constants bear the platform's names. */
enum TaskDeed {
    CALL_NOW(
            "Call now",
            "Call the downstream of",
            "Its next call is due now; limits and circuit breaker hold. No state changes.",
            "Its next call is due now.",
            false,
            "while it is DUE or RUNNING and no call is under way"),
    RETRY(
            "Retry",
            "Retry",
            "It is called again as a new attempt, and what was not started because of it waits for it again.",
            "It is retried.",
            false,
            "while it is FAILED"),
    SKIP(
            "Skip",
            "Skip",
            "It is left out for good, and what is behind it goes on without its work.",
            "It is skipped.",
            true,
            "while its run is RUNNING or FAILED and it has not completed"),
    MARK_DONE(
            "Mark done",
            "Mark done",
            "It counts as completed on your word, and what is behind it goes on.",
            "It is marked done by hand.",
            true,
            "while its run is RUNNING or FAILED and it has not completed"),
    ACCEPT_LATE(
            "Accept late result",
            "Accept the late result of",
            "The report that came after its end is judged anew; it completes when the numbers balance.",
            "The late result is accepted.",
            true,
            "after it FAILED, when a COMPLETED report of its last attempt was kept and balances");

    private final String label;
    private final String verb;
    private final String consequence;
    private final String done;
    private final boolean isHard;
    private final String when;

    TaskDeed(String label, String verb, String consequence, String done, boolean isHard, String when) {
        this.label = label;
        this.verb = verb;
        this.consequence = consequence;
        this.done = done;
        this.isHard = isHard;
        this.when = when;
    }

    static Optional<TaskDeed> of(String wire) {
        return Arrays.stream(values()).filter(deed -> deed.wire().equals(wire)).findFirst();
    }

    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
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

    boolean isHard() {
        return isHard;
    }

    /** "only …" */
    String when() {
        return when;
    }
}
