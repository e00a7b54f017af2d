package io.syncline.scheduler.catalog;

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
 * Notes when secrets were last taken: at most once a minute per secret and node, beside the call. A note that finds no room
 * is left out, the next one is not far.
 */
@Component
class NotedCredentialUse implements CredentialUse, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(NotedCredentialUse.class);
    private static final long BETWEEN_NOTES = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_WAITING = 1_000;

    private record Secret(String system, String name, int revision, boolean previous) {}

    private final JdbcCredentials credentials;
    private final SteadyClock clock;
    private final ConcurrentMap<Secret, Long> noted = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor writer;

    NotedCredentialUse(JdbcCredentials credentials, SteadyClock clock) {
        this.credentials = credentials;
        this.clock = clock;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "credential-use");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        writer.allowCoreThreadTimeOut(true);
    }

    @Override
    public void taken(String system, String name, int revision, boolean previous) {
        Secret secret = new Secret(system, name, revision, previous);
        long now = System.nanoTime();
        Long last = noted.get(secret);
        if (last != null && now - last < BETWEEN_NOTES) {
            return;
        }
        if (noted.size() >= MOST_REMEMBERED) {
            noted.clear();
        }
        noted.put(secret, now);
        writer.execute(() -> write(secret));
    }

    private void write(Secret secret) {
        try {
            credentials.used(secret.system(), secret.name(), secret.revision(), secret.previous(), clock.now());
        } catch (DataAccessException e) {
            LOG.debug("the use of a credential of {} was not noted: {}", secret.system(), e.getMessage());
        }
    }

    /** Ends without an interrupt, at which H2 would close its file. */
    @Override
    public void destroy() {
        writer.shutdown();
    }
}
