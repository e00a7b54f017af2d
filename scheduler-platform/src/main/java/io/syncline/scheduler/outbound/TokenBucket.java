package io.syncline.scheduler.outbound;

/**
 * So many calls per second, with bursts of at most a tenth of a second's worth (at least one call). Not thread-safe; its
 * system guards it.
 */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private double tokens;
    private long filledAtNanos;

    TokenBucket(long nowNanos) {
        this.tokens = 1;
        this.filledAtNanos = nowNanos;
    }

    /** How many calls may start now. */
    int available(double ratePerSecond, long nowNanos) {
        if (Double.isInfinite(ratePerSecond)) {
            return Integer.MAX_VALUE;
        }
        double burst = Math.max(1, ratePerSecond / 10);
        tokens = Math.min(burst, tokens + ratePerSecond * Math.max(0, nowNanos - filledAtNanos) / NANOS);
        filledAtNanos = nowNanos;
        return (int) Math.floor(tokens);
    }

    void take(int calls) {
        tokens -= calls;
    }

    void giveBack(int calls) {
        tokens += calls;
    }
}
