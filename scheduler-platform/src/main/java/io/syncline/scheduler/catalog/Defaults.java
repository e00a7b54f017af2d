package io.syncline.scheduler.catalog;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a task may leave to its group's {@code defaults} and these to the platform's, which are:
 *
 * <ul>
 *   <li>{@code interval} PT30S, {@code callTimeout} PT10S, {@code answerWithin} PT5M, {@code silentAfter} PT30M
 *   <li>{@code overdueAfter} PT2H and {@code timeout} PT6H; where only one of the two is given, {@code overdueAfter} is at
 *       most half of {@code timeout}, and {@code timeout} at least three times {@code overdueAfter}
 *   <li>{@code retry} 3 attempts, backoff PT5S, maxBackoff PT5M
 *   <li>{@code reconciliation} not required, tolerance 0 rows
 * </ul>
 *
 * A null is a setting that was not given.
 */
record Defaults(
        @Nullable Duration interval,
        @Nullable Duration callTimeout,
        @Nullable Duration answerWithin,
        @Nullable Duration silentAfter,
        @Nullable Duration overdueAfter,
        @Nullable Duration timeout,
        @Nullable Integer maxAttempts,
        @Nullable Duration backoff,
        @Nullable Duration maxBackoff,
        @Nullable Boolean reconciliationRequired,
        @Nullable Long toleranceRows) {

    static final Duration INTERVAL = Duration.ofSeconds(30);
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    static final Duration ANSWER_WITHIN = Duration.ofMinutes(5);
    static final Duration SILENT_AFTER = Duration.ofMinutes(30);
    static final Duration OVERDUE_AFTER = Duration.ofHours(2);
    static final Duration TIMEOUT = Duration.ofHours(6);
    static final RetryPolicy RETRY = new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofMinutes(5));
    static final ReconciliationRule RECONCILIATION = new ReconciliationRule(false, 0);

    static final Defaults NONE = new Defaults(null, null, null, null, null, null, null, null, null, null, null);

    static final Set<String> MEMBERS = Set.of(
            "interval",
            "callTimeout",
            "answerWithin",
            "silentAfter",
            "overdueAfter",
            "timeout",
            "retry",
            "reconciliation");

    /** A shorter one is a typing error that would keep the platform busy with nothing else. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private static final int MOST_ATTEMPTS = 1000;

    static Defaults read(Members from) {
        Duration interval = from.duration("interval", SHORTEST);
        Duration callTimeout = from.duration("callTimeout", SHORTEST);
        Duration answerWithin = from.duration("answerWithin", SHORTEST);
        Duration silentAfter = from.duration("silentAfter", Duration.ZERO);
        Duration overdueAfter = from.duration("overdueAfter", SHORTEST);
        Duration timeout = from.duration("timeout", SHORTEST);
        Long maxAttempts = null;
        Duration backoff = null;
        Duration maxBackoff = null;
        Members retry = from.object("retry", Set.of("maxAttempts", "backoff", "maxBackoff"));
        if (retry != null) {
            maxAttempts = retry.integer("maxAttempts", 1, MOST_ATTEMPTS);
            backoff = retry.duration("backoff", SHORTEST);
            maxBackoff = retry.duration("maxBackoff", SHORTEST);
        }
        Boolean required = null;
        Long tolerance = null;
        Members reconciliation = from.object("reconciliation", Set.of("required", "toleranceRows"));
        if (reconciliation != null) {
            required = reconciliation.bool("required");
            tolerance = reconciliation.integer("toleranceRows", 0, Long.MAX_VALUE);
        }
        return new Defaults(
                interval,
                callTimeout,
                answerWithin,
                silentAfter,
                overdueAfter,
                timeout,
                maxAttempts == null ? null : maxAttempts.intValue(),
                backoff,
                maxBackoff,
                required,
                tolerance);
    }

    /** These settings, and the others' where these say nothing. */
    Defaults orElse(Defaults others) {
        return new Defaults(
                first(interval, others.interval),
                first(callTimeout, others.callTimeout),
                first(answerWithin, others.answerWithin),
                first(silentAfter, others.silentAfter),
                first(overdueAfter, others.overdueAfter),
                first(timeout, others.timeout),
                first(maxAttempts, others.maxAttempts),
                first(backoff, others.backoff),
                first(maxBackoff, others.maxBackoff),
                first(reconciliationRequired, others.reconciliationRequired),
                first(toleranceRows, others.toleranceRows));
    }

    Duration intervalOrDefault() {
        return orDefault(interval, INTERVAL);
    }

    Duration callTimeoutOrDefault() {
        return orDefault(callTimeout, CALL_TIMEOUT);
    }

    Duration answerWithinOrDefault() {
        return orDefault(answerWithin, ANSWER_WITHIN);
    }

    Duration silentAfterOrDefault() {
        return orDefault(silentAfter, SILENT_AFTER);
    }

    Duration overdueAfterOrDefault() {
        if (overdueAfter != null) {
            return overdueAfter;
        }
        return timeout == null ? OVERDUE_AFTER : shorter(OVERDUE_AFTER, timeout.dividedBy(2));
    }

    Duration timeoutOrDefault() {
        if (timeout != null) {
            return timeout;
        }
        return overdueAfter == null ? TIMEOUT : longer(TIMEOUT, overdueAfter.multipliedBy(3));
    }

    RetryPolicy retry() {
        return new RetryPolicy(
                orDefault(maxAttempts, RETRY.maxAttempts()),
                orDefault(backoff, RETRY.backoff()),
                orDefault(maxBackoff, RETRY.maxBackoff()));
    }

    ReconciliationRule reconciliation() {
        return new ReconciliationRule(
                orDefault(reconciliationRequired, RECONCILIATION.required()),
                orDefault(toleranceRows, RECONCILIATION.toleranceRows()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one != null ? one : other;
    }

    private static <T> T orDefault(@Nullable T given, T otherwise) {
        return given != null ? given : otherwise;
    }
}
