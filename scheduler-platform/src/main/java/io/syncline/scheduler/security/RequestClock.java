package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long the request that this thread serves has been with the node, its wait for the thread included. */
public final class RequestClock {

    private static final RequestClock HERE = new RequestClock(System::nanoTime);

    private final ThreadLocal<@Nullable Long> came = new ThreadLocal<>();
    private final LongSupplier nanos;

    RequestClock(LongSupplier nanos) {
        this.nanos = nanos;
    }

    static RequestClock here() {
        return HERE;
    }

    /** What is left of the time that a sender may be kept waiting; all of it where no request is served. Never negative. */
    public static Duration left(Duration patience) {
        return HERE.leftOf(patience);
    }

    Duration leftOf(Duration patience) {
        var since = came.get();
        if (since == null) {
            return patience;
        }
        var left = patience.minusNanos(nanos.getAsLong() - since);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** A request is served that has waited so long. */
    void begin(long waitedNanos) {
        came.set(nanos.getAsLong() - waitedNanos);
    }

    void end() {
        came.remove();
    }
}
