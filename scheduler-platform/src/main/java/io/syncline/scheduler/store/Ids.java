package io.syncline.scheduler.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Makes UUIDv7 ids: they sort by the time they were made, and never go back within this process. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COUNTER_BITS = 12;
    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;

    /** Milliseconds in the upper bits, a counter in the lower twelve; only ever grows. */
    private static long last;

    private Ids() {}

    public static String next() {
        var stamp = nextStamp(System.currentTimeMillis());
        var high = (stamp >>> COUNTER_BITS) << 16 | 0x7000L | (stamp & COUNTER_MASK);
        var low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** The least id that could be made at this time: ids of before sort below it. */
    public static String first(Instant time) {
        return new UUID(time.toEpochMilli() << 16 | 0x7000L, 0x8000_0000_0000_0000L).toString();
    }

    private static synchronized long nextStamp(long millis) {
        last = Math.max(last + 1, millis << COUNTER_BITS);
        return last;
    }
}
