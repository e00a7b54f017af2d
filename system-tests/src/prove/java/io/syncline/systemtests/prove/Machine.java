package io.syncline.systemtests.prove;

import io.syncline.systemtests.history.Event;
import io.syncline.systemtests.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches whether the machine itself has its processors: what a host takes away from a virtual machine ("steal" in proc(5)), and whether a
 * thread that asks for nothing but to be woken is woken. Spans in which it has not are told in the history, and no promise about time is
 * held against what runs on it. What the run itself loads the processors with is none of this.
 */
final class Machine implements AutoCloseable {

    private static final Path STAT = Path.of("/proc/stat");
    private static final long LOOK_MILLIS = 1000;
    /** A fifth of the processors' time. */
    private static final double MUCH = 0.2;

    private static final long OVERSLEPT_MILLIS = 1000;
    private static final int STEAL = 8;
    private static final int COUNTED = 8;

    private final History history;
    private final Thread watch = new Thread(this::watch, "machine");
    private volatile boolean watching = true;

    Machine(History history) {
        this.history = history;
        watch.setDaemon(true);
        watch.setPriority(Thread.MAX_PRIORITY);
    }

    void start() {
        watch.start();
    }

    private void watch() {
        var before = ticks();
        var since = history.now();
        while (watching) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            var now = history.now();
            var ticks = ticks();
            var overslept = now - since - LOOK_MILLIS * 1000 > OVERSLEPT_MILLIS * 1000;
            var stolen = stolen(before, ticks);
            if (overslept || stolen > MUCH) {
                history.add(Event.of(
                        "machine", now, "starved", "from", since, "stolenInHundred", Math.round(stolen * 100)));
            }
            before = ticks;
            since = now;
        }
    }

    /** Of all time that passed on the processors, the part that the host did not give. */
    private static double stolen(long[] before, long[] now) {
        long all = 0;
        for (int i = 0; i < COUNTED; i++) {
            all += now[i] - before[i];
        }
        return all == 0 ? 0 : (double) (now[STEAL - 1] - before[STEAL - 1]) / all;
    }

    /** user, nice, system, idle, iowait, irq, softirq and steal of all processors together; zeros on other systems. */
    private static long[] ticks() {
        var ticks = new long[COUNTED];
        if (Files.exists(STAT)) {
            try (var lines = Files.lines(STAT)) {
                var fields = lines.findFirst().orElse("").split(" +");
                for (int i = 0; i < COUNTED && i + 1 < fields.length; i++) {
                    ticks[i] = Long.parseLong(fields[i + 1]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return ticks;
    }

    @Override
    public void close() {
        watching = false;
    }
}
