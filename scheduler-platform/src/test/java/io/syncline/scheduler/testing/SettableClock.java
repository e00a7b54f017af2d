package io.syncline.scheduler.testing;

import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;

/** Database time that moves only when the test says so. */
public final class SettableClock implements DatabaseClock {

    public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private volatile Instant now;

    public SettableClock(Instant now) {
        this.now = now;
    }

    public static SettableClock atNoon() {
        return new SettableClock(NOON);
    }

    @Override
    public Instant now() {
        return now;
    }

    public void set(Instant time) {
        now = time;
    }

    public void advance(Duration by) {
        now = now.plus(by);
    }
}
