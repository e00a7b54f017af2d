package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Notes when clients were last used: at most once a minute per client and node, beside the request. A note that finds no room
 * is left out, the next one is not far.
 */
@Component
class LastUse implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(LastUse.class);

    private static final long BETWEEN_NOTES = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_WAITING = 1000;

    private final JdbcClients clients;
    private final SteadyClock clock;
    private final ConcurrentMap<String, Long> noted = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor writer;

    LastUse(JdbcClients clients, SteadyClock clock) {
        this.clients = clients;
        this.clock = clock;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> {
                    var thread = new Thread(task, "last-use");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        writer.allowCoreThreadTimeOut(true);
    }

    @Override
    public void destroy() {
        writer.shutdownNow();
    }

    void note(String clientKey) {
        var now = System.nanoTime();
        var last = noted.get(clientKey);
        if (last != null && now - last < BETWEEN_NOTES) {
            return;
        }
        if (noted.size() >= MOST_REMEMBERED) {
            noted.clear();
        }
        noted.put(clientKey, now);
        writer.execute(() -> write(clientKey));
    }

    private void write(String clientKey) {
        try {
            clients.used(clientKey, clock.now());
        } catch (DataAccessException e) {
            LOG.debug("last use of {} not noted: {}", clientKey, e.getMessage());
        }
    }
}
