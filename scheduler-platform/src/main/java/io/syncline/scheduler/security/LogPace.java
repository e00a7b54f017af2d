package io.syncline.scheduler.security;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Bounds how many lines a second are written about one kind of event, and counts the rest. */
public final class LogPace {

    private final int linesASecond;
    private final LongSupplier nanoTime;
    private long second;
    private int lines;
    private long leftOut;

    /** @param nanoTime a monotonic clock */
    public LogPace(int linesASecond, LongSupplier nanoTime) {
        this.linesASecond = linesASecond;
        this.nanoTime = nanoTime;
        this.second = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }

    public synchronized boolean mayWrite() {
        var now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
        if (now != second) {
            second = now;
            lines = 0;
        }
        if (lines == linesASecond) {
            leftOut++;
            return false;
        }
        lines++;
        return true;
    }

    /** How many lines were left out since this was last asked. */
    public synchronized long leftOut() {
        var count = leftOut;
        leftOut = 0;
        return count;
    }
}
