package io.syncline.scheduler.live;

import io.syncline.scheduler.security.LogPace;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Tells listeners what has changed. One thread looks each second, and only while anybody listens. Times are those of the
 * database, so that a position is good on every node.
 *
 * <p>A transaction bears the time of its begin and is seen at its end. Each look therefore goes back by {@link #OVERLAP} and
 * passes over the rows that it has told. Who comes again after a position gets what was written since that long before it,
 * some of it twice: an event says that something is to be fetched, and to fetch it once more does no harm.
 */
@Component
class LiveFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

    /** The longest that a transaction which changes something lasts, waiting for locks included. */
    static final Duration OVERLAP = Duration.ofSeconds(10);

    /** From how long ago a listener may go on. */
    static final Duration WINDOW = Duration.ofMinutes(5);

    static final Duration EVERY = Duration.ofSeconds(1);
    static final Duration BEAT = Duration.ofSeconds(15);

    /** Rows of one look; beyond it, everybody is to fetch everything. */
    static final int MOST_ROWS = 20_000;

    /** Events that a listener gets at once; beyond it, fetching everything is less work. */
    static final int MOST_EVENTS = 200;

    private static final int LOOKS_BEFORE_GIVING_UP = 3;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final JdbcChanges changes;
    private final DatabaseClock clock;
    private final Nodes nodes;
    private final LiveProperties properties;
    private final ReentrantLock reading = new ReentrantLock();
    private final Condition called = reading.newCondition();
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> told = new LinkedHashMap<>();
    private final LogPace pace = new LogPace(1, System::nanoTime);
    private Map<String, Boolean> liveNodes = Map.of();
    private @Nullable Instant position;
    private @Nullable Instant beatAt;
    private int failures;
    private volatile boolean running;
    private @Nullable Thread reader;

    LiveFeed(JdbcChanges changes, DatabaseClock clock, Nodes nodes, LiveProperties properties) {
        this.changes = changes;
        this.clock = clock;
        this.nodes = nodes;
        this.properties = properties;
    }

    /**
     * From now on the listener is told; what happened since its position comes first.
     *
     * @param lastId where it was before; null: it is new
     * @param opened makes the listener, once it is sure that there is a place for it
     * @throws ProblemException 503 when there is none
     */
    void join(@Nullable String lastId, Supplier<Listener> opened) {
        if (!locked()) {
            throw overloaded();
        }
        try {
            if (!running || listeners.size() >= properties.maxListeners()) {
                throw overloaded();
            }
            var now = clock.now();
            if (listeners.isEmpty()) {
                told.clear();
                liveNodes = liveNodes();
                position = now;
                beatAt = now;
                failures = 0;
            }
            var missed = missed(lastId, now);
            var listener = opened.get();
            listener.tell(Frames.opening());
            if (missed == null) {
                listener.tell(Frames.reset(now));
            } else {
                tell(listener, missed, now);
                listener.tell(Frames.beat(now));
            }
            listeners.add(listener);
            called.signalAll();
        } finally {
            reading.unlock();
        }
    }

    private boolean locked() {
        try {
            return reading.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Null: it cannot be told what was. */
    private @Nullable List<Change> missed(@Nullable String lastId, Instant now) {
        var last = lastId == null ? now : Frames.position(lastId).orElse(Instant.MIN);
        if (last.isBefore(now.minus(WINDOW)) || last.isAfter(now.plus(WINDOW))) {
            return null;
        }
        var rows = changes.after(last.minus(OVERLAP), MOST_ROWS);
        if (rows.tooMany()) {
            return null;
        }
        var all = new ArrayList<>(changes.changes(rows.rows()));
        if (lastId != null) {
            // What nodes were like then is written nowhere.
            all.add(Change.forEveryone(JdbcChanges.CLUSTER, nodes.self(), now));
        }
        return all;
    }

    void leave(Listener listener) {
        listeners.remove(listener);
    }

    int listening() {
        return listeners.size();
    }

    /** One look for everybody. */
    void look() {
        reading.lock();
        try {
            var now = clock.now();
            var since = position == null ? now : position;
            var rows = since.isBefore(now.minus(WINDOW)) ? null : changes.after(since.minus(OVERLAP), MOST_ROWS);
            if (rows == null || rows.tooMany()) {
                told.clear();
                tellAll(Frames.reset(now));
            } else {
                var fresh = rows.rows().stream()
                        .filter(row -> told.put(row.key(), row.at()) == null)
                        .toList();
                var all = new ArrayList<>(changes.changes(fresh));
                all.addAll(nodesThatChanged(now));
                listeners.forEach(listener -> tell(listener, all, now));
            }
            told.values().removeIf(at -> !at.isAfter(now.minus(OVERLAP)));
            position = now;
            failures = 0;
            beat(now);
        } finally {
            reading.unlock();
        }
    }

    private static void tell(Listener listener, List<Change> all, Instant now) {
        var visible =
                all.stream().filter(change -> change.isFor(listener.labels())).toList();
        if (visible.size() > MOST_EVENTS) {
            listener.tell(Frames.reset(now));
        } else if (!visible.isEmpty()) {
            listener.tell(Frames.changes(visible, now));
        }
    }

    private void tellAll(byte[] frames) {
        listeners.forEach(listener -> listener.tell(frames));
    }

    private void beat(Instant now) {
        if (beatAt == null || !beatAt.plus(BEAT).isAfter(now)) {
            beatAt = now;
            tellAll(Frames.beat(now));
        }
        listeners.stream().filter(listener -> !listener.stands()).forEach(Listener::end);
    }

    private List<Change> nodesThatChanged(Instant now) {
        var before = liveNodes;
        liveNodes = liveNodes();
        return liveNodes.entrySet().stream()
                .filter(node -> !node.getValue().equals(before.get(node.getKey())))
                .map(node -> Change.forEveryone(JdbcChanges.CLUSTER, node.getKey(), now))
                .toList();
    }

    private Map<String, Boolean> liveNodes() {
        var live = new HashMap<String, Boolean>();
        for (Node node : nodes.all()) {
            live.put(node.nodeId(), node.live());
        }
        return live;
    }

    private void readAll() {
        while (running) {
            if (!pause()) {
                return;
            }
            try {
                look();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** Until the next look is due, which it is only while anybody listens; false: no more. */
    private boolean pause() {
        reading.lock();
        try {
            while (running && listeners.isEmpty()) {
                called.await();
            }
            long left = EVERY.toNanos();
            while (running && left > 0) {
                left = called.awaitNanos(left);
            }
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            reading.unlock();
        }
    }

    /** Nobody is to take silence for calm: who cannot be told is cut, comes again, and sees that it is not answered. */
    private void failed(RuntimeException trouble) {
        failures++;
        if (pace.mayWrite()) {
            LOG.warn("What has changed cannot be read: {}", trouble.toString());
        }
        if (failures >= LOOKS_BEFORE_GIVING_UP) {
            listeners.forEach(Listener::end);
        }
    }

    private static ProblemException overloaded() {
        return ProblemException.overloaded(503)
                .detail("There is no place to listen on this node now. Come again.")
                .header(HttpHeaders.RETRY_AFTER, "5");
    }

    /** Takes listeners from now on; it takes the thread to tell them anything. */
    void open() {
        running = true;
    }

    @Override
    public void start() {
        open();
        var thread = new Thread(this::readAll, "live-feed");
        thread.setDaemon(true);
        reader = thread;
        thread.start();
    }

    /** Before the web server waits for its requests to end: listeners go on at another node. */
    @Override
    public void stop() {
        running = false;
        reading.lock();
        try {
            called.signalAll();
        } finally {
            reading.unlock();
        }
        listeners.forEach(Listener::end);
        var thread = reader;
        reader = null;
        if (thread != null) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(3));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
