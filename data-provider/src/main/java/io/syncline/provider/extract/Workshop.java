package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest.State;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.Ids;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Where extracts are prepared: a bounded number of workers, each holding its extract by a lease. An extract whose
 * worker died is taken over by any instance once its lease has passed, and is begun anew in a folder of its own.
 */
@Component
class Workshop implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Folders that no extract knows are left alone so long, for whoever is just making them. */
    private static final Duration ORPHAN_AGE = Duration.ofMinutes(10);

    private final String self = Ids.next();
    private final ExtractProperties properties;
    private final JdbcExtracts extracts;
    private final ExtractFolders folders;
    private final SnapshotCutter cutter;
    private final Datasets datasets;
    private final DatasetStates states;
    private final DatabaseClock clock;
    private final RequestKeys keys;
    private final TransactionTemplate transaction;
    private final Semaphore places;
    private final Map<String, Extract> held = new ConcurrentHashMap<>();
    private volatile boolean running;
    private ExecutorService workers = Executors.newCachedThreadPool(Workshop::worker);
    private ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(2, Workshop::worker);

    Workshop(
            ExtractProperties properties,
            JdbcExtracts extracts,
            ExtractFolders folders,
            SnapshotCutter cutter,
            Datasets datasets,
            DatasetStates states,
            DatabaseClock clock,
            RequestKeys keys,
            TransactionTemplate transaction) {
        this.properties = properties;
        this.extracts = extracts;
        this.folders = folders;
        this.cutter = cutter;
        this.datasets = datasets;
        this.states = states;
        this.clock = clock;
        this.keys = keys;
        this.transaction = transaction;
        this.places = new Semaphore(properties.workers());
    }

    private static Thread worker(Runnable work) {
        var thread = new Thread(work, "extracts");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        if (workers.isShutdown()) {
            workers = Executors.newCachedThreadPool(Workshop::worker);
            clockwork = Executors.newScheduledThreadPool(2, Workshop::worker);
        }
        running = true;
        var renewal = properties.lease().toMillis() / 4;
        clockwork.scheduleWithFixedDelay(guarded("look", this::look), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        clockwork.scheduleWithFixedDelay(guarded("renew", this::renew), renewal, renewal, TimeUnit.MILLISECONDS);
        clockwork.scheduleWithFixedDelay(
                guarded("sweep", this::sweep), 0, properties.sweepInterval().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Gives the work back, so that another instance need not wait for the leases to pass. */
    @Override
    public synchronized void stop() {
        running = false;
        clockwork.shutdownNow();
        var mine = Map.copyOf(held);
        held.clear();
        workers.shutdownNow();
        mine.values().forEach(extracts::giveBack);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Looks for work at once instead of at the next turn. */
    void wake() {
        if (running) {
            clockwork.execute(guarded("look", this::look));
        }
    }

    private static Runnable guarded(String what, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                // The next turn tries again; a clockwork that ends on an error would end for good.
                LOG.warn("Extracts: {} failed, it is tried again", what, failure);
            }
        };
    }

    private synchronized void look() {
        if (running) {
            look(workers);
        }
    }

    /** Claims what is free, as far as there are places, and has it prepared. */
    synchronized void look(Executor preparing) {
        int free = places.availablePermits();
        if (free == 0) {
            return;
        }
        var now = clock.now();
        for (var extract : extracts.free(now, free)) {
            if (!places.tryAcquire()) {
                return;
            }
            boolean begun = false;
            try {
                var claimed = extracts.claim(extract, self, now, now.plus(properties.lease()));
                if (claimed.isPresent()) {
                    held.put(extract.id(), claimed.get());
                    preparing.execute(() -> prepare(claimed.get()));
                    begun = true;
                }
            } finally {
                if (!begun) {
                    places.release();
                }
            }
        }
    }

    private void prepare(Extract extract) {
        try {
            if (extract.fence() > properties.maxTries()) {
                fail(extract, "it was begun " + properties.maxTries() + " times without coming to an end");
                return;
            }
            var dataset = datasets.get(extract.dataset());
            var cut = cutter.cut(dataset, extract, () -> held.containsKey(extract.id()));
            var ready = madeReady(extract, cut);
            if (ready.isEmpty()) {
                LOG.warn("Whether extract {} is ready is not known; if not, its lease will pass", extract.id());
            } else if (ready.get()) {
                LOG.info(
                        "Extract {} of {}: {} rows in {} files",
                        extract.id(),
                        extract.dataset(),
                        cut.rows(),
                        cut.files().size());
            } else {
                discard(extract);
            }
        } catch (SnapshotCutter.GivenUpException givenUp) {
            LOG.info("Extract {}: given up, another worker has it", extract.id());
            discard(extract);
        } catch (IOException failure) {
            LOG.error("Extract {} cannot be written", extract.id(), failure);
            fail(extract, "the files could not be written: " + reason(failure));
        } catch (ProblemException unknown) {
            fail(extract, "the dataset is no longer configured");
        } catch (SQLException | RuntimeException failure) {
            tryLater(extract, failure);
        } finally {
            held.remove(extract.id());
            places.release();
        }
    }

    /**
     * Whether this worker made it ready; empty: the commit failed, and may have been carried out. Then its files stay: those
     * that nobody needs are the sweep's.
     */
    private Optional<Boolean> madeReady(Extract extract, SnapshotCutter.Cut cut) {
        try {
            return Optional.ofNullable(transaction.execute(status -> ready(extract, cut)));
        } catch (RuntimeException unknown) {
            LOG.debug("The commit of extract {} failed", extract.id(), unknown);
            return Optional.empty();
        }
    }

    private boolean ready(Extract extract, SnapshotCutter.Cut cut) {
        var now = clock.now();
        if (datasets.get(extract.dataset()).writtenElsewhere()) {
            states.seen(extract.dataset(), cut.asOf(), cut.rows());
        }
        return extracts.ready(extract, cut.asOf(), cut.rows(), cut.files(), cut.changesSeq(), now);
    }

    /** The database may be back in a moment: the lease is left to pass, the next worker begins anew. */
    private void tryLater(Extract extract, Exception failure) {
        if (!held.containsKey(extract.id())) {
            discard(extract);
            return;
        }
        LOG.warn(
                "Extract {} cannot be read, try {} of {}",
                extract.id(),
                extract.fence(),
                properties.maxTries(),
                failure);
        discard(extract);
        if (extract.fence() >= properties.maxTries()) {
            fail(extract, "the table could not be read, " + properties.maxTries() + " times");
        }
    }

    private void fail(Extract extract, String reason) {
        discard(extract);
        try {
            extracts.failed(extract, reason, clock.now());
        } catch (RuntimeException failure) {
            LOG.warn("Extract {} cannot be marked as failed, its lease will pass", extract.id(), failure);
        }
    }

    private void discard(Extract extract) {
        try {
            folders.delete(extract);
        } catch (IOException failure) {
            LOG.warn("The files of extract {} cannot be deleted, the sweep will try again", extract.id(), failure);
        }
    }

    /** Says why without saying where. */
    private static String reason(IOException failure) {
        var reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return reason == null ? "an input or output error" : reason;
    }

    private void renew() {
        if (held.isEmpty()) {
            return;
        }
        var mine = Map.copyOf(held);
        var still = extracts.renew(mine.values(), self, clock.now().plus(properties.lease()));
        mine.values().stream()
                .filter(extract -> !still.contains(extract))
                // Its worker sees that and stops; unless it has just ended.
                .forEach(extract -> held.remove(extract.id(), extract));
    }

    /** Deletes what is over, and folders that nobody knows. */
    void sweep() {
        var now = clock.now();
        keys.purge(now);
        for (var extract : extracts.expired(now)) {
            Boolean deleted = transaction.execute(status -> extracts.delete(extract.id(), now));
            if (Boolean.TRUE.equals(deleted)) {
                discard(extract);
            }
        }
        try {
            for (var folder : folders.all()) {
                sweepOrphan(folder, Instant.now());
            }
        } catch (IOException failure) {
            LOG.warn("The folders of extracts cannot be swept, it is tried again", failure);
        }
    }

    private void sweepOrphan(Path folder, Instant diskNow) throws IOException {
        var name = folder.getFileName().toString();
        int dash = name.lastIndexOf('-');
        var known = dash < 0 ? null : extracts.find(name.substring(0, dash)).orElse(null);
        boolean needed =
                known != null && known.state() != State.FAILED && known.folder().equals(name);
        if (!needed && Files.getLastModifiedTime(folder).toInstant().isBefore(diskNow.minus(ORPHAN_AGE))) {
            ExtractFolders.delete(folder);
        }
    }
}
