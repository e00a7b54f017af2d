package io.syncline.scheduler.outbound;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this node has seen of one instance. An instance that could not be reached is left out for 10 s, doubling to 2 min,
 * while another lives. Its breaker opens after 10 failures in a row, or when at least half of the last 40 calls failed and
 * 20 were made; it lets one trial call through after 2 s, doubling to 30 s while trials fail, and closes on the first
 * success. Not thread-safe; its system guards it.
 */
final class InstanceHealth {

    static final Duration LEFT_OUT = Duration.ofSeconds(10);
    static final Duration LEFT_OUT_AT_MOST = Duration.ofMinutes(2);
    static final Duration OPEN = Duration.ofSeconds(2);
    static final Duration OPEN_AT_MOST = Duration.ofSeconds(30);
    static final int FAILURES_IN_A_ROW = 10;
    static final int WINDOW = 40;
    static final int FEWEST_CALLS = 20;

    private final boolean[] failed = new boolean[WINDOW];
    private int calls;
    private int next;
    private int failures;
    private int failuresInARow;

    private boolean open;
    private long openUntilNanos;
    private Duration openFor = OPEN;

    private boolean leftOut;
    private long leftOutUntilNanos;
    private Duration leaveOutFor = LEFT_OUT;

    void succeeded() {
        if (open) {
            forgetCalls();
        }
        record(false);
        failuresInARow = 0;
        open = false;
        openFor = OPEN;
        leftOut = false;
        leaveOutFor = LEFT_OUT;
    }

    /** It answered, but that it cannot work. */
    void failed(long nowNanos) {
        record(true);
        failuresInARow++;
        if (open) {
            // calls that were under way when it opened say nothing new; a failed trial does
            if (nowNanos - openUntilNanos >= 0) {
                openFor = shorter(openFor.multipliedBy(2), OPEN_AT_MOST);
                openUntilNanos = nowNanos + openFor.toNanos();
            }
        } else if (failuresInARow >= FAILURES_IN_A_ROW || (calls >= FEWEST_CALLS && failures * 2 >= calls)) {
            open = true;
            openUntilNanos = nowNanos + openFor.toNanos();
        }
    }

    /** It refused, reset or did not answer in time. */
    void unreachable(long nowNanos) {
        failed(nowNanos);
        if (!isLeftOut(nowNanos)) {
            leftOut = true;
            leftOutUntilNanos = nowNanos + leaveOutFor.toNanos();
            leaveOutFor = shorter(leaveOutFor.multipliedBy(2), LEFT_OUT_AT_MOST);
        }
    }

    boolean isLeftOut(long nowNanos) {
        return leftOut && nowNanos - leftOutUntilNanos < 0;
    }

    boolean isOpen() {
        return open;
    }

    /** Null before the first call. */
    InstanceStates.@Nullable State state(long nowNanos) {
        if (open) {
            return InstanceStates.State.OPEN;
        }
        if (isLeftOut(nowNanos)) {
            return InstanceStates.State.LEFT_OUT;
        }
        return calls == 0 ? null : InstanceStates.State.CLOSED;
    }

    boolean isDueForTrial(long nowNanos) {
        return open && nowNanos - openUntilNanos >= 0;
    }

    private void record(boolean failure) {
        if (calls == WINDOW) {
            failures -= failed[next] ? 1 : 0;
        } else {
            calls++;
        }
        failed[next] = failure;
        failures += failure ? 1 : 0;
        next = (next + 1) % WINDOW;
    }

    private void forgetCalls() {
        calls = 0;
        next = 0;
        failures = 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
