package io.syncline.scheduler.outbound;

/**
 * So many calls per second, with bursts of at most a tenth of a second's worth (at least one call). Not thread-safe; its
 * system guards it.
 */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private double tokens;
    private long filledAtNanos;
    private boolean unlimited;

    TokenBucket(long nowNanos) {
        this.tokens = 1;
        this.filledAtNanos = nowNanos;
    }

    /** How many calls may start now. */
    int available(double ratePerSecond, long nowNanos) {
        if (Double.isInfinite(ratePerSecond)) {
            // Nothing is counted meanwhile: a rate that is set later begins with neither debt nor credit.
            unlimited = true;
            tokens = 0;
            filledAtNanos = nowNanos;
            return Integer.MAX_VALUE;
        }
        unlimited = false;
        double burst = Math.max(1, ratePerSecond / 10);
        tokens = Math.min(burst, tokens + ratePerSecond * Math.max(0, nowNanos - filledAtNanos) / NANOS);
        filledAtNanos = nowNanos;
        return (int) Math.floor(tokens);
    }

    void take(int calls) {
        if (!unlimited) {
            tokens -= calls;
        }
    }

    void giveBack(int calls) {
        if (!unlimited) {
            tokens += calls;
        }
    }
}
