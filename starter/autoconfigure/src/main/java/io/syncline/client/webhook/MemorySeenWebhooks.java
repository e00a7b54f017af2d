package io.syncline.client.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Without a database: known to this instance, as long as it runs, and no more than the newest hundred thousand. */
final class MemorySeenWebhooks implements SeenWebhooks {

    static final int MOST = 100_000;

    private final Duration remember;
    private final Map<String, Instant> ids = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST;
        }
    };

    MemorySeenWebhooks(Duration remember) {
        this.remember = remember;
    }

    @Override
    public boolean once(String id, Instant now, Runnable work) {
        synchronized (ids) {
            ids.values().removeIf(seen -> seen.plus(remember).isBefore(now));
            if (ids.putIfAbsent(id, now) != null) {
                return false;
            }
        }
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            if (!done) {
                synchronized (ids) {
                    ids.remove(id);
                }
            }
        }
        return true;
    }
}
