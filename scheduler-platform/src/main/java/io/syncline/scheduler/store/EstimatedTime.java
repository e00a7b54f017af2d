package io.syncline.scheduler.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The database's time on this process's monotonic clock. An answer that was long under way, or was read late by a process that
 * stood still, says only that the time lies between its own and that plus its way: the estimate moves as far as an answer
 * demands, and no farther.
 *
 * <p>Source: F. Cristian, "Probabilistic clock synchronization", Distributed Computing 3 (1989).
 */
final class EstimatedTime {

    /** One time of the database, and of the monotonic clock at the same moment. */
    private record Pair(Instant at, long nanos) {

        Instant at(long now) {
            return at.plusNanos(now - nanos);
        }
    }

    private volatile @Nullable Pair last;

    /**
     * @param at the database's time at some moment between the other two
     * @param sent monotonic nanoseconds before it was asked for
     * @param received monotonic nanoseconds when the answer was there
     */
    synchronized void sampled(Instant at, long sent, long received) {
        var most = at.plusNanos(received - sent);
        var known = last;
        var estimate = known == null ? at.plusNanos((received - sent) / 2) : known.at(received);
        if (estimate.isBefore(at)) {
            estimate = at;
        } else if (estimate.isAfter(most)) {
            estimate = most;
        }
        last = new Pair(estimate, received);
    }

    /**
     * @param nanos of the monotonic clock
     * @throws IllegalStateException before the first sample
     */
    Instant at(long nanos) {
        var known = last;
        if (known == null) {
            throw new IllegalStateException("no database time yet");
        }
        return known.at(nanos);
    }
}
