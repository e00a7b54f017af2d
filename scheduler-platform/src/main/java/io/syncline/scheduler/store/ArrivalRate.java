package io.syncline.scheduler.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How fast something comes, by the last twentieth of a second in which anything came. For one thread at a time. */
final class ArrivalRate {

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanos;
    private long windowBegan;
    private long cameInWindow;
    private double perNano;

    /** @param nanos the time that passes */
    ArrivalRate(LongSupplier nanos) {
        this.nanos = nanos;
        this.windowBegan = nanos.getAsLong();
    }

    void came(int count) {
        cameInWindow += count;
        long took = nanos.getAsLong() - windowBegan;
        if (took >= WINDOW_NANOS) {
            perNano = (double) cameInWindow / took;
            windowBegan += took;
            cameInWindow = 0;
        }
    }

    /** How many more will probably come within this time; none when none came for a while. */
    double expectedWithin(Duration time) {
        var silent = nanos.getAsLong() - windowBegan > 2 * WINDOW_NANOS;
        return silent ? 0 : perNano * time.toNanos();
    }
}
