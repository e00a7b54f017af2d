package io.syncline.portal.signin;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after {@value #FREE_FAILURES} failures of one name from one address each further try must wait,
 * first 10 s, then doubling up to 15 min. A success, or a day without a failure, starts anew.
 */
class SignInDelays {

    static final int FREE_FAILURES = 5;
    private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);
    private static final int REMEMBERED = 10_000;

    private final Map<Key, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** How long this name and address must still wait; zero when a try is allowed now. */
    synchronized Duration toWait(String name, String address, Instant now) {
        var known = failures.get(new Key(name, address));
        return known == null || !known.openAt.isAfter(now) ? Duration.ZERO : Duration.between(now, known.openAt);
    }

    synchronized void failed(String name, String address, Instant now) {
        failures.compute(new Key(name, address), (key, known) -> {
            var count = known == null || known.last.plus(FORGOTTEN_AFTER).isBefore(now) ? 1 : known.count + 1;
            return new Failures(count, now, now.plus(delayAfter(count)));
        });
    }

    synchronized void succeeded(String name, String address) {
        failures.remove(new Key(name, address));
    }

    private static Duration delayAfter(int count) {
        if (count < FREE_FAILURES) {
            return Duration.ZERO;
        }
        var doublings = Math.min(count - FREE_FAILURES, 10);
        var delay = FIRST_DELAY.multipliedBy(1L << doublings);
        return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    }

    private record Key(String name, String address) {}

    private record Failures(int count, Instant last, Instant openAt) {}
}
