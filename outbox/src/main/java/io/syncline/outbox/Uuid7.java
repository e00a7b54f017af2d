package io.syncline.outbox;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that sort by the time of their making (RFC 9562, version 7); they rise within a process. */
public final class Uuid7 {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Milliseconds since 1970 in the upper bits, a counter of 12 bits in the lower. */
    private static final AtomicLong LAST = new AtomicLong();

    private Uuid7() {}

    public static String next() {
        long floor = System.currentTimeMillis() << 12 | RANDOM.nextInt(1 << 10);
        long stamp = LAST.updateAndGet(last -> Math.max(last + 1, floor));
        long high = (stamp >>> 12) << 16 | 0x7000L | (stamp & 0xfffL);
        long low = RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
