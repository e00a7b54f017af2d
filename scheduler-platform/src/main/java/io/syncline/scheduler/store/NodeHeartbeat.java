package io.syncline.scheduler.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps this node's row fresh from a thread of its own, and reads the others' rows. It starts before and ends after
 * everything else that has a lifecycle, so that work in hand is never without a live node.
 */
final class NodeHeartbeat implements Nodes, SteadyClock, InitializingBean, SmartLifecycle {

    static final Duration LIVE_FOR = Duration.ofSeconds(12);
    private static final Duration BEAT = Duration.ofSeconds(3);
    private static final Duration BEAT_UNTIL_AGREED = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(NodeHeartbeat.class);

    private final String nodeId;
    private final String incarnation = Ids.next();
    private final NodeRows rows;
    private final BooleanSupplier fits;
    private final Membership membership;
    private final EstimatedTime time = new EstimatedTime();

    /** When the last successful check-in was sent, on the monotonic clock. */
    private volatile long beatNanos;

    private volatile @Nullable CountDownLatch stopped;
    private @Nullable View applied;

    /** As of the last database time that was read. */
    private volatile @Nullable Long clockSkewMs;

    NodeHeartbeat(String nodeId, NodeRows rows, BooleanSupplier fits) {
        this.nodeId = nodeId;
        this.rows = rows;
        this.fits = fits;
        this.membership = new Membership(nodeId);
    }

    @Override
    public void afterPropertiesSet() {
        var sent = System.nanoTime();
        takeTime(rows.now(), sent);
    }

    /** Shows this node to the others; not before it is about to check in, or they would share with one that is not there. */
    void join() {
        rows.register(nodeId, incarnation, version());
    }

    @Override
    public String self() {
        return nodeId;
    }

    @Override
    public List<Node> all() {
        var reading = rows.read();
        return reading.rows().stream()
                .map(row -> new Node(
                        row.nodeId(),
                        row.startedAt(),
                        row.checkedInAt(),
                        row.stoppedAt(),
                        live(row, reading.at()),
                        row.version(),
                        row.appliedCount(),
                        row.clockSkewMs()))
                .toList();
    }

    @Override
    public int liveCount() {
        return inTouch() ? membership.liveCount() : 0;
    }

    @Override
    public int share(int clusterLimit) {
        return inTouch() ? membership.share(clusterLimit) : 0;
    }

    @Override
    public Instant now() {
        return time.at(System.nanoTime());
    }

    /** One heartbeat: check in, read, and when the view changed publish it and read again. */
    synchronized void beat() {
        if (!inTouch()) {
            membership.joinAgain();
            applied = null;
        }
        var before = applied;
        checkInAndRead();
        if (!same(before, applied)) {
            checkInAndRead();
        }
    }

    private void checkInAndRead() {
        var sent = System.nanoTime();
        if (!rows.checkIn(nodeId, incarnation, applied, clockSkewMs)) {
            membership.joinAgain();
            applied = null;
            beatNanos = 0;
            if (rows.read().rows().stream().noneMatch(row -> row.nodeId().equals(nodeId))) {
                join();
                return;
            }
            throw new IllegalStateException("another process has taken the node id " + nodeId
                    + ": this one starts no calls; give each node its own syncline.node.id");
        }
        membership.published(applied);
        var asked = System.nanoTime();
        var reading = rows.read();
        takeTime(reading.at(), asked);
        var others = new HashMap<String, String>();
        for (var row : reading.rows()) {
            if (!row.nodeId().equals(nodeId) && live(row, reading.at())) {
                var view = row.appliedView();
                others.put(row.nodeId(), view == null ? "joining" : view);
            }
        }
        beatNanos = sent;
        applied = membership.seen(others, fits);
    }

    private void takeTime(Instant at, long sent) {
        time.sampled(at, sent, System.nanoTime());
        clockSkewMs = System.currentTimeMillis() - now().toEpochMilli();
    }

    private static @Nullable String version() {
        return NodeHeartbeat.class.getPackage().getImplementationVersion();
    }

    private static boolean same(@Nullable View one, @Nullable View other) {
        return one == null ? other == null : one.equals(other);
    }

    private static boolean live(NodeRows.Row row, Instant at) {
        return row.stoppedAt() == null && row.checkedInAt().plus(LIVE_FOR).isAfter(at);
    }

    private boolean inTouch() {
        var last = beatNanos;
        return last != 0 && System.nanoTime() - last < LIVE_FOR.toNanos();
    }

    @Override
    public void start() {
        join();
        beat();
        var stop = new CountDownLatch(1);
        var beating = new Thread(() -> beatUntil(stop), "syncline-heartbeat");
        beating.setDaemon(true);
        stopped = stop;
        beating.start();
    }

    private void beatUntil(CountDownLatch stop) {
        while (true) {
            try {
                var pause = membership.agreed() ? BEAT : BEAT_UNTIL_AGREED;
                if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                beat();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.warn(
                        "heartbeat of node {} failed, tried again in {}; after {} without one the others take over: {}",
                        nodeId,
                        BEAT,
                        LIVE_FOR,
                        e.toString());
            }
        }
    }

    @Override
    public void stop() {
        // Never by interrupt: H2 closes its file when one hits it while it reads.
        var stop = stopped;
        stopped = null;
        if (stop != null) {
            stop.countDown();
        }
        synchronized (this) {
            beatNanos = 0;
            try {
                rows.stop(nodeId, incarnation);
            } catch (RuntimeException e) {
                LOG.warn(
                        "node {} could not sign off, the others notice within {}: {}",
                        nodeId,
                        LIVE_FOR,
                        e.getMessage());
            }
        }
    }

    @Override
    public boolean isRunning() {
        return stopped != null;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
