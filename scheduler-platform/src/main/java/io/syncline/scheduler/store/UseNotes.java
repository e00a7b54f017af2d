package io.syncline.scheduler.store;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Notes when things were last used: at most once a minute per thing and node, beside the use itself. A note that finds no room
 * is left out, the next one is not far.
 *
 * @param <K> what is used; equal keys are the same thing
 */
public final class UseNotes<K> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UseNotes.class);
    private static final long BETWEEN_NOTES = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_WAITING = 1_000;

    private final Consumer<K> writer;
    private final ConcurrentMap<K, Long> noted = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor thread;

    /**
     * @param name of the thread that writes
     * @param writer stores one use; what goes wrong with the database is logged and forgotten
     */
    public UseNotes(String name, Consumer<K> writer) {
        this.writer = writer;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> {
                    var made = new Thread(task, name);
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    public void note(K used) {
        var now = System.nanoTime();
        var last = noted.get(used);
        if (last != null && now - last < BETWEEN_NOTES) {
            return;
        }
        if (noted.size() >= MOST_REMEMBERED) {
            noted.clear();
        }
        noted.put(used, now);
        thread.execute(() -> write(used));
    }

    private void write(K used) {
        try {
            writer.accept(used);
        } catch (DataAccessException e) {
            LOG.debug("the use of {} was not noted: {}", used, e.getMessage());
        }
    }

    /** Without an interrupt, at which H2 would close its file. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
