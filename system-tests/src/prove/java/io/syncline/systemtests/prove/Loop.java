package io.syncline.systemtests.prove;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that does the same again and again until it is told to stop; what fails is done again with the next turn. */
final class Loop {

    interface Turn {
        void take() throws Exception;
    }

    private final Thread thread;
    private volatile boolean stopped;

    /** @param pauseMillis between the end of a turn and the next */
    Loop(String name, long pauseMillis, Turn turn) {
        thread = new Thread(() -> run(pauseMillis, turn), name);
        thread.setDaemon(true);
    }

    Loop start() {
        thread.start();
        return this;
    }

    /** Begins no further turn; the one that goes on may ask by {@link #isStopped}. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    boolean isStopped() {
        return stopped;
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    private void run(long pauseMillis, Turn turn) {
        while (!stopped) {
            try {
                turn.take();
            } catch (Exception again) {
                // With the next turn.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
        }
    }
}
