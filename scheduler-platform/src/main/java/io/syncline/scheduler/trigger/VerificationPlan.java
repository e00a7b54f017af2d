package io.syncline.scheduler.trigger;

import io.syncline.scheduler.catalog.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a message waits for before its runs start: every look must find its record. It never changes; each answer gives the
 * next one.
 *
 * @param runs the groups that took the message when it came
 */
record VerificationPlan(List<PlannedRun> runs, List<Look> looks) {

    /** @param businessKey as the group's rule made it */
    record PlannedRun(String group, @Nullable String businessKey) {}

    /**
     * One look at a source.
     *
     * @param path filled from the message
     * @param dueAt the first time
     * @param giveUpAt when a record that is not there means that the message is discarded
     */
    record Look(String system, String path, Duration after, Instant dueAt, Instant giveUpAt, boolean passed) {

        private Look found() {
            return new Look(system, path, after, dueAt, giveUpAt, true);
        }

        private Look again(Instant at) {
            return new Look(system, path, after, at, giveUpAt, passed);
        }
    }

    /** What an answer leads to; the sentence is for operators. */
    sealed interface Next {
        String sentence();
    }

    /** Everything has been found. */
    record Start(String sentence) implements Next {}

    /**
     * @param failures looks in a row that told nothing
     * @param alert whether people must hear of it now
     */
    record LookAgain(VerificationPlan plan, int failures, boolean alert, String sentence) implements Next {}

    record Discard(String sentence) implements Next {}

    private static final int FOUND = 200;
    private static final int NOT_FOUND = 404;

    /** Failures in a row until people hear of it. */
    static final int FAILURES_TO_ALERT = 5;

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    VerificationPlan {
        runs = List.copyOf(runs);
        looks = List.copyOf(looks);
    }

    static Look look(Verification verification, String path, Instant receivedAt) {
        return new Look(
                verification.system(),
                path,
                verification.after(),
                receivedAt.plus(verification.after()),
                receivedAt.plus(verification.giveUpAfter()),
                false);
    }

    /** The next look; empty when all have passed. */
    Optional<Look> next() {
        return looks.stream().filter(look -> !look.passed()).min(Comparator.comparing(Look::dueAt));
    }

    /**
     * @param look the one that was made
     * @param status null: there was no answer
     * @param trouble why there was none
     */
    Next answered(
            Look look,
            @Nullable Integer status,
            @Nullable String trouble,
            int failuresBefore,
            Instant now,
            RandomGenerator random) {
        var what = "The look at " + look.system() + " for " + look.path();
        if (status != null && status == FOUND) {
            var plan = with(look, look.found());
            var sentence = what + " found the record.";
            return plan.next().isEmpty() ? new Start(sentence) : new LookAgain(plan, 0, false, sentence);
        }
        if (status != null && status == NOT_FOUND) {
            if (!now.isBefore(look.giveUpAt())) {
                return new Discard(what + " found no record until " + look.giveUpAt() + ".");
            }
            var again = now.plus(look.after());
            return new LookAgain(
                    with(look, look.again(again.isAfter(look.giveUpAt()) ? look.giveUpAt() : again)),
                    0,
                    false,
                    what + " found no record yet.");
        }
        return failed(
                look,
                status == null ? "got no answer: " + trouble : "was answered " + status,
                failuresBefore,
                now,
                random);
    }

    /** The look was made, and what it found could not be judged. */
    LookAgain unjudged(Look look, int failuresBefore, Instant now, RandomGenerator random) {
        return failed(look, "could not be judged, the platform's log tells why", failuresBefore, now, random);
    }

    private LookAgain failed(Look look, String how, int failuresBefore, Instant now, RandomGenerator random) {
        int failures = failuresBefore + 1;
        return new LookAgain(
                with(look, look.again(now.plus(pause(failures, random)))),
                failures,
                failures == FAILURES_TO_ALERT,
                "The look at " + look.system() + " for " + look.path() + " " + how
                        + "; the message waits and the look is repeated.");
    }

    /** The look was not made. */
    VerificationPlan postponed(Look look, Instant until) {
        return with(look, look.again(until));
    }

    private static Duration pause(int failures, RandomGenerator random) {
        var pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
        var capped = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        return Duration.ofMillis((long) (capped.toMillis() * random.nextDouble(0.8, 1.2)));
    }

    private VerificationPlan with(Look old, Look changed) {
        var all = new ArrayList<>(looks);
        all.set(all.indexOf(old), changed);
        return new VerificationPlan(runs, all);
    }
}
