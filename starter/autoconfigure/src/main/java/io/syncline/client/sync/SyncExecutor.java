package io.syncline.client.sync;

import io.syncline.client.SyncResult;
import io.syncline.client.WorkTakenOverException;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.tracing.TraceContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

/**
 * Runs the handlers of this instance. It never holds more work than its workers and its queue; it renews the leases of
 * what it holds and takes over what a dead instance left. A handler that is interrupted by a stop leaves its work open.
 */
final class SyncExecutor implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SyncExecutor.class);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);

    private final Works works;
    private final SyncTasks tasks;
    private final SyncProperties properties;
    private final String owner = UUID.randomUUID().toString();
    private volatile Semaphore room;
    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private @Nullable ThreadPoolExecutor workers;
    private @Nullable ScheduledExecutorService keeper;
    private volatile boolean stopping;

    /** Work of this instance that nobody here did at the last look. */
    private Set<String> strays = Set.of();

    private long purgedAt = System.nanoTime();

    /** Work in this instance, waiting or being done. */
    private static final class Run {
        private final RunningWork work;
        private volatile @Nullable Thread thread;

        Run(RunningWork work) {
            this.work = work;
        }

        synchronized void stop() {
            work.lose();
            var current = thread;
            if (current != null) {
                current.interrupt();
            }
        }

        /** Clears the interrupt as well, so that it reaches no later work of the thread. */
        synchronized void leaveThread() {
            thread = null;
            Thread.interrupted();
        }
    }

    SyncExecutor(Works works, SyncTasks tasks, SyncProperties properties) {
        this.works = works;
        this.tasks = tasks;
        this.properties = properties;
        this.room = new Semaphore(properties.workers() + properties.queue());
    }

    String owner() {
        return owner;
    }

    /** Takes room for one work; false when there is none. Ends with {@link #begin} or {@link #giveUpRoom}. */
    boolean takeRoom() {
        return workers != null && !stopping && room.tryAcquire();
    }

    void giveUpRoom() {
        room.release();
    }

    void begin(StoredWork work) {
        var pool = workers;
        var handler = tasks.find(work.path());
        if (pool == null || handler.isEmpty()) {
            room.release();
            LOG.warn("No handler takes the path {} of work {}", work.path(), work.key());
            return;
        }
        var running = new RunningWork(
                work,
                tasks.variables(handler.get(), work.path()),
                works,
                properties.progressInterval().toNanos());
        var run = new Run(running);
        runs.put(work.key(), run);
        pool.execute(() -> runWithinItsTrace(run, handler.get()));
    }

    /** Tells the handler of the key, if it runs here, to stop. */
    void stopHandler(String key) {
        var run = runs.get(key);
        if (run != null) {
            run.stop();
        }
    }

    private void runWithinItsTrace(Run run, Handler handler) {
        var trace = run.work.stored().trace();
        if (trace == null) {
            runAndFree(run, handler);
            return;
        }
        MDC.put("traceId", TraceContext.traceIdOf(trace));
        try {
            TraceContext.<@Nullable Object>call(trace, () -> {
                runAndFree(run, handler);
                return null;
            });
        } finally {
            MDC.remove("traceId");
        }
    }

    private void runAndFree(Run run, Handler handler) {
        var work = run.work;
        try {
            synchronized (run) {
                run.thread = Thread.currentThread();
            }
            if (!stopping) {
                finish(work, result(work, handler));
            }
        } catch (StoppedException e) {
            LOG.info("Work {} is left to another instance", work.idempotencyKey());
        } catch (WorkTakenOverException e) {
            LOG.info("Work {} has ended or belongs to another instance", work.idempotencyKey());
        } catch (RuntimeException | Error e) {
            // Nobody does this work now, so it is given back and its handler runs again.
            LOG.error("Work {} ended here without a stored result", work.idempotencyKey(), e);
        } finally {
            run.leaveThread();
            if (!stopping) {
                runs.remove(work.idempotencyKey(), run);
            }
            room.release();
        }
    }

    private SyncResult result(RunningWork work, Handler handler) {
        if (work.stored().starts() > properties.maxStarts()) {
            return SyncResult.failed(
                    "the service died " + properties.maxStarts() + " times while it did this work", true);
        }
        try {
            return handler.handle(work);
        } catch (WorkTakenOverException e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            if (stopping) {
                throw new StoppedException();
            }
            LOG.warn("The handler of work {} failed", work.idempotencyKey(), e);
            var message = e.getMessage();
            return SyncResult.failed(
                    message == null ? e.getClass().getSimpleName() : message, !(e instanceof IllegalArgumentException));
        }
    }

    private void finish(RunningWork work, SyncResult result) {
        // An interrupt that came too late for the handler must not break the storing of its result.
        Thread.interrupted();
        if (result instanceof SyncResult.Continues) {
            works.continueElsewhere(work.stored());
        } else if (result instanceof SyncResult.Completed done) {
            end(work, completed(done, work.files()));
        } else if (result instanceof SyncResult.Failed failed) {
            end(work, failed(failed, work.files()));
        } else {
            throw new IllegalStateException("an unknown result of a handler: " + result);
        }
    }

    private void end(RunningWork work, StatusReport report) {
        boolean mine;
        try {
            mine = works.report(work.stored(), report);
        } catch (JacksonException e) {
            LOG.warn("The result of work {} cannot be written as JSON", work.idempotencyKey(), e);
            var unwritable = new SyncResult.Failed(
                    "the handler's result cannot be written as JSON", false, null, List.of(), Map.of());
            mine = works.report(work.stored(), failed(unwritable, List.of()));
        }
        if (!mine) {
            LOG.warn(
                    "The {} of work {} is left out: the work has ended or belongs to another instance",
                    report.status(),
                    work.idempotencyKey());
        }
    }

    private static StatusReport completed(SyncResult.Completed done, List<FileReport> known) {
        return new StatusReport(
                null,
                null,
                null,
                ReportStatus.COMPLETED,
                null,
                null,
                null,
                files(done.files(), known),
                done.reconciliation(),
                done.result().isEmpty() ? null : done.result(),
                null);
    }

    private static StatusReport failed(SyncResult.Failed failed, List<FileReport> known) {
        return new StatusReport(
                null,
                null,
                null,
                ReportStatus.FAILED,
                failed.message(),
                failed.retryable(),
                null,
                files(failed.files(), known),
                failed.reconciliation(),
                failed.result().isEmpty() ? null : failed.result(),
                null);
    }

    private static @Nullable List<FileReport> files(List<FileReport> result, List<FileReport> known) {
        var files = result.isEmpty() ? known : result;
        return files.isEmpty() ? null : files;
    }

    private void keep() {
        try {
            var owned = works.renew(owner, properties.lease());
            runs.forEach((key, run) -> {
                if (!owned.contains(key) && works.find(key).map(this::isNotMine).orElse(true)) {
                    run.stop();
                }
            });
            leaveStrays(owned);
            takeOver();
            if (System.nanoTime() - purgedAt > PURGE_EVERY.toNanos()) {
                purgedAt = System.nanoTime();
                works.purge(properties.keep());
            }
        } catch (RuntimeException e) {
            LOG.warn("The leases of {} works could not be renewed; the next try follows", runs.size(), e);
        }
    }

    /**
     * Gives back work whose handler ended here without a stored result. Only at the second look, because work that was
     * just accepted is stored a moment before it is begun.
     */
    private void leaveStrays(Set<String> owned) {
        var found = new HashSet<>(owned);
        found.removeAll(runs.keySet());
        var again = new HashSet<>(found);
        again.retainAll(strays);
        works.leave(owner, again);
        strays = found;
    }

    /** A work just accepted may be missing among the owned ones that were read a moment before. */
    private boolean isNotMine(StoredWork work) {
        var run = runs.get(work.key());
        return run != null
                && (work.state() == StoredWork.State.ENDED
                        || work.fence() != run.work.stored().fence());
    }

    private void takeOver() {
        int most = 0;
        while (most < properties.workers() && takeRoom()) {
            most++;
        }
        if (most == 0) {
            return;
        }
        int taken = 0;
        try {
            for (var work : works.takeOver(owner, properties.lease(), most)) {
                LOG.info(
                        "Taking over work {} of task {}, start {}",
                        work.key(),
                        work.request().task(),
                        work.starts());
                taken++;
                begin(work);
            }
        } finally {
            room.release(most - taken);
        }
    }

    @Override
    public synchronized void start() {
        stopping = false;
        room = new Semaphore(properties.workers() + properties.queue());
        var number = new AtomicInteger();
        workers = new ThreadPoolExecutor(
                properties.workers(), properties.workers(), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    var thread = new Thread(work, "syncline-work-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        keeper = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "syncline-leases");
            thread.setDaemon(true);
            return thread;
        });
        long pause = Math.min(properties.lease().toMillis() / 4, 3000);
        keeper.scheduleWithFixedDelay(this::keep, 0, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop() {
        var pool = workers;
        var leases = keeper;
        if (pool == null || leases == null) {
            return;
        }
        stopping = true;
        leases.shutdownNow();
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(properties.stopWithin().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Handlers still run after {}; another instance takes their work over", properties.stopWithin());
            }
            works.leave(owner, List.copyOf(runs.keySet()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The leases of this instance could not be ended; they will run out", e);
        } finally {
            runs.values().forEach(Run::stop);
            runs.clear();
            workers = null;
            keeper = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return workers != null;
    }

    /** After the relay, before the web server; stopped the other way round. */
    @Override
    public int getPhase() {
        return 2000;
    }

    /** The handler was interrupted because this instance stops. */
    private static final class StoppedException extends RuntimeException {}
}
