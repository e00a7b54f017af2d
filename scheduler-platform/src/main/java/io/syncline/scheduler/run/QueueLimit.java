package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.TaskGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the queue of each group. A queue that was found far from its limit is not counted again for a moment; near it every
 * start counts, so that the limit is exceeded by no more than what is judged at the same time.
 */
final class QueueLimit {

    private static final Duration COUNT_HOLDS = Duration.ofSeconds(1);

    /** {@link RunStore#countQueued}. */
    @FunctionalInterface
    interface Queued {
        int count(String group, int upTo);
    }

    private record Count(int queued, Instant at) {}

    private final Queued queue;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    QueueLimit(Queued queue) {
        this.queue = queue;
    }

    /** @throws QueueFullException when so many more do not fit */
    void check(TaskGroup group, int more, Instant now) {
        if (more <= 0) {
            return;
        }
        var last = counts.get(group.key());
        if (last != null && isFresh(last, now) && isFar(last.queued + more, group.maxQueued())) {
            counts.put(group.key(), new Count(last.queued + more, last.at));
            return;
        }
        var queued = queue.count(group.key(), group.maxQueued());
        if (queued + more > group.maxQueued()) {
            throw new QueueFullException(group.key(), group.maxQueued());
        }
        counts.put(group.key(), new Count(queued + more, now));
    }

    private static boolean isFresh(Count count, Instant now) {
        return !now.isBefore(count.at) && now.isBefore(count.at.plus(COUNT_HOLDS));
    }

    private static boolean isFar(int queued, int most) {
        return queued <= most / 5 * 4;
    }
}
