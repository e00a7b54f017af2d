package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.store.Nodes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By NOTIFY and LISTEN. A commit that notifies waits for all others that do, so many hints become one, and never more than
 * forty a second leave a node. Behind a pooler that gives connections away between transactions nothing is heard.
 */
final class PostgresNeighbours implements Neighbours {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNeighbours.class);

    private static final String LISTEN = "listen syncline_due";
    private static final String UNLISTEN = "unlisten *";
    private static final String NOTIFY = "select pg_notify('syncline_due', ?)";
    private static final String ALIVE = "select 1";
    private static final long GAP_MILLIS = 25;
    private static final long BROKEN_PAUSE_MILLIS = 1000;

    /** So long nothing may be heard until the connection is asked whether it lives. */
    private static final int SILENCE_MILLIS = 5000;

    /** A payload ends below 8,000 bytes; a key has 63 at most. */
    private static final int MOST_SYSTEMS = 100;

    private final DataSource connections;
    private final Nodes nodes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> untold = new TreeSet<>();
    private final List<Thread> threads = new ArrayList<>();

    private volatile boolean running;

    /** @param connections two at least, with autocommit */
    PostgresNeighbours(DataSource connections, Nodes nodes) {
        this.connections = connections;
        this.nodes = nodes;
    }

    private void thread(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    @Override
    public void tell(Set<String> systems) {
        if (systems.isEmpty() || nodes.liveCount() < 2) {
            return;
        }
        lock.lock();
        try {
            untold.addAll(systems);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start(@Nullable Consumer<Set<String>> listener) {
        running = true;
        thread("dispatch-tells", this::tellAll);
        if (listener != null) {
            thread("dispatch-hears", () -> hearAll(listener));
        }
    }

    private void tellAll() {
        try {
            while (running) {
                var systems = takeUntold();
                if (!systems.isEmpty()) {
                    Thread.sleep(notifyOthers(systems) ? GAP_MILLIS : BROKEN_PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> takeUntold() throws InterruptedException {
        lock.lock();
        try {
            while (running && untold.isEmpty()) {
                changed.await();
            }
            var systems = untold.stream().limit(MOST_SYSTEMS).toList();
            systems.forEach(untold::remove);
            return systems;
        } finally {
            lock.unlock();
        }
    }

    private boolean notifyOthers(List<String> systems) {
        try (var connection = connections.getConnection();
                var statement = connection.prepareStatement(NOTIFY)) {
            statement.setString(1, nodes.self() + ' ' + String.join(",", systems));
            statement.execute();
            return true;
        } catch (SQLException e) {
            LOG.debug("other nodes were not told of due work, their poll finds it: {}", e.getMessage());
            return false;
        }
    }

    private void hearAll(Consumer<Set<String>> listener) {
        boolean told = false;
        while (running) {
            try (var connection = connections.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(LISTEN);
                told = false;
                hear(connection, listener);
            } catch (SQLException e) {
                if (running && !told) {
                    LOG.info("other nodes cannot be heard now, the poll finds their work: {}", e.getMessage());
                    told = true;
                }
                pauseBroken();
            }
        }
    }

    private void pauseBroken() {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(BROKEN_PAUSE_MILLIS);
            while (running && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            running = false;
        } finally {
            lock.unlock();
        }
    }

    private void hear(Connection connection, Consumer<Set<String>> listener) throws SQLException {
        var postgres = connection.unwrap(PGConnection.class);
        while (running) {
            var heard = postgres.getNotifications(SILENCE_MILLIS);
            if (heard == null || heard.length == 0) {
                try (var statement = connection.createStatement()) {
                    statement.execute(ALIVE);
                }
                continue;
            }
            var systems = new HashSet<String>();
            for (var one : heard) {
                systems.addAll(systemsOf(one.getParameter()));
            }
            if (!systems.isEmpty()) {
                listener.accept(systems);
            }
        }
        // Given back to the pool it would go on hearing, and whoever has it next would be told of what was said before.
        try (var statement = connection.createStatement()) {
            statement.execute(UNLISTEN);
        }
        postgres.getNotifications();
    }

    /** None of what this node has told itself. */
    private Set<String> systemsOf(String payload) {
        int end = payload.indexOf(' ');
        if (end < 0 || payload.substring(0, end).equals(nodes.self())) {
            return Set.of();
        }
        return Set.copyOf(Arrays.asList(payload.substring(end + 1).split(",")));
    }

    @Override
    public void stop() {
        running = false;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
        threads.clear();
    }
}
