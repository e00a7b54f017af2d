package io.syncline.scheduler.dispatch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Collects the systems that have due work until the next round asks; many wake-ups become one. */
final class WakeUp {

    /**
     * What woke a round.
     *
     * @param poll whether it is time to look for work that nobody announced
     */
    record Call(Set<String> systems, boolean poll) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Set<String> systems = new HashSet<>();
    private final Duration poll;
    private boolean called;
    private long polledNanos;

    /** @param poll from one look for unannounced work to the next */
    WakeUp(Duration poll) {
        this.poll = poll;
        this.polledNanos = System.nanoTime() - poll.toNanos();
    }

    void now(Set<String> due) {
        lock.lock();
        try {
            systems.addAll(due);
            called = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a wake-up, at most this long and not beyond the next poll. */
    Call await(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = Math.min(atMost.toNanos(), polledNanos + poll.toNanos() - System.nanoTime());
            while (!called && left > 0) {
                left = woken.awaitNanos(left);
            }
            called = false;
            var due = Set.copyOf(systems);
            systems.clear();
            var isPoll = System.nanoTime() - polledNanos >= poll.toNanos();
            if (isPoll) {
                polledNanos = System.nanoTime();
            }
            return new Call(due, isPoll);
        } finally {
            lock.unlock();
        }
    }
}
