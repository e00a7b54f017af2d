package io.syncline.scheduler.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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
    /** Systems whose work will be due, by the nanosecond at which it is. */
    private final Map<String, Long> later = new HashMap<>();

    private final Duration poll;
    private boolean called;
    private long pollNanos;

    /** @param poll from one look for unannounced work to the next */
    WakeUp(Duration poll) {
        this.poll = poll;
        this.pollNanos = System.nanoTime();
    }

    /** Wakes a round at once for systems that wait no time, and later for the others. */
    void after(Map<String, Duration> waits) {
        lock.lock();
        try {
            long now = System.nanoTime();
            waits.forEach((system, wait) -> {
                if (wait.isZero()) {
                    systems.add(system);
                    called = true;
                } else {
                    later.merge(system, now + wait.toNanos(), (one, other) -> one - other < 0 ? one : other);
                }
            });
            woken.signal();
        } finally {
            lock.unlock();
        }
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

    /** The next poll comes after this wait at the latest. */
    void pollWithin(Duration wait) {
        lock.lock();
        try {
            long at = System.nanoTime() + wait.toNanos();
            if (at - pollNanos < 0) {
                pollNanos = at;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a wake-up, at most this long and not beyond the next poll. */
    Call await(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long start = System.nanoTime();
            long end = start + Math.min(atMost.toNanos(), pollNanos - start);
            collectDue(start);
            long left = end - start;
            while (!called && left > 0) {
                woken.awaitNanos(Math.min(left, untilNext()));
                long now = System.nanoTime();
                collectDue(now);
                left = end - now;
            }
            called = false;
            var due = Set.copyOf(systems);
            systems.clear();
            long now = System.nanoTime();
            var isPoll = now - pollNanos >= 0;
            if (isPoll) {
                pollNanos = now + poll.toNanos();
            }
            return new Call(due, isPoll);
        } finally {
            lock.unlock();
        }
    }

    private void collectDue(long now) {
        later.entrySet().removeIf(entry -> {
            var isDue = entry.getValue() - now <= 0;
            if (isDue) {
                systems.add(entry.getKey());
                called = true;
            }
            return isDue;
        });
    }

    private long untilNext() {
        long now = System.nanoTime();
        return later.values().stream().mapToLong(at -> at - now).min().orElse(Long.MAX_VALUE);
    }
}
